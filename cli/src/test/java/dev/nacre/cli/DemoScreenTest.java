package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import dev.nacre.display.PngWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class DemoScreenTest {
    @Test
    void blackPictureIsDark() throws IOException {
        assertThat(DemoScreen.Look.at(png(64, 48, new int[64 * 48]))).isEqualTo(new DemoScreen.Look(64, 48, false));
    }

    @Test
    void onePixelIsLight() throws IOException {
        int[] pixels = new int[1024 * 768];
        pixels[1024 * 768 - 1] = 0x000001;

        assertThat(DemoScreen.Look.at(png(1024, 768, pixels))).isEqualTo(new DemoScreen.Look(1024, 768, true));
    }

    private static byte[] png(int width, int height, int[] pixels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PngWriter.write(new Frame(width, height, pixels), bytes);
        return bytes.toByteArray();
    }
}
