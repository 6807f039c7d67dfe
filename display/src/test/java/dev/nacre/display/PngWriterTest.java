package dev.nacre.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngWriterTest {
    @ParameterizedTest
    @CsvSource({"1,1", "7,3", "640,480"})
    void pictureComesBackPixelByPixel(int width, int height) throws IOException {
        int[] pixels = new SplittableRandom(width * 31L + height)
                .ints((long) width * height)
                .toArray();

        Frame read = decode(encode(new Frame(width, height, pixels)));

        assertThat(read.width()).isEqualTo(width);
        assertThat(read.height()).isEqualTo(height);
        for (int i = 0; i < pixels.length; i++) {
            assertThat(read.pixels()[i]).as("pixel " + i).isEqualTo(pixels[i] & 0xffffff);
        }
    }

    @Test
    void blackScreenIsSmall() throws IOException {
        assertThat(encode(new Frame(1920, 1080, new int[1920 * 1080]))).hasSizeLessThan(20_000);
    }

    @Test
    void pictureThatDoesNotFitItsSizeIsRefused() {
        assertThatThrownBy(() -> new Frame(3, 2, new int[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("width=3 height=2 pixels=5");
    }

    private static byte[] encode(Frame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PngWriter.write(frame, out);
        return out.toByteArray();
    }

    /** A reader of its own: chunks with their checks, then rows with the filters none and up. */
    private static Frame decode(byte[] png) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(png));
        assertThat(in.readLong()).isEqualTo(0x89504e470d0a1a0aL);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        List<String> types = new ArrayList<>();
        int width = 0;
        int height = 0;
        while (in.available() > 0) {
            int length = in.readInt();
            byte[] typed = in.readNBytes(4 + length);
            CRC32 crc = new CRC32();
            crc.update(typed);
            assertThat(in.readInt()).isEqualTo((int) crc.getValue());
            String type = new String(typed, 0, 4, StandardCharsets.US_ASCII);
            types.add(type);
            if (type.equals("IHDR")) {
                DataInputStream header = new DataInputStream(new ByteArrayInputStream(typed, 4, length));
                width = header.readInt();
                height = header.readInt();
                assertThat(header.readNBytes(5)).containsExactly(8, 2, 0, 0, 0);
            } else if (type.equals("IDAT")) {
                data.write(typed, 4, length);
            }
        }
        assertThat(types).startsWith("IHDR").endsWith("IEND");
        byte[] rows = new InflaterInputStream(new ByteArrayInputStream(data.toByteArray())).readAllBytes();
        assertThat(rows).hasSize(height * (1 + 3 * width));
        return new Frame(width, height, unfilter(rows, width, height));
    }

    private static int[] unfilter(byte[] rows, int width, int height) {
        int stride = 3 * width;
        byte[] above = new byte[stride];
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            int start = y * (stride + 1);
            int filter = rows[start];
            assertThat(filter).isIn(0, 2);
            for (int i = 0; i < stride; i++) {
                above[i] = (byte) (rows[start + 1 + i] + (filter == 2 ? above[i] : 0));
            }
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] =
                        (above[3 * x] & 255) << 16 | (above[3 * x + 1] & 255) << 8 | (above[3 * x + 2] & 255);
            }
        }
        return pixels;
    }
}
