package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import dev.nacre.testsupport.rfb.RfbPixels;
import dev.nacre.testsupport.rfb.RfbViewer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pixels in every format that viewers ask for, bare and as ZRLE, read by a decoder that shares nothing with the encoder. */
final class PixelsTest {
    static List<RfbPixels> formats() {
        return List.of(
                RfbPixels.rgb888(),
                RfbPixels.of(32, 24, true, 255, 16, 255, 8, 255, 0),
                RfbPixels.of(32, 24, false, 255, 0, 255, 8, 255, 16),
                RfbPixels.of(32, 24, false, 255, 8, 255, 16, 255, 24),
                RfbPixels.of(32, 24, true, 255, 8, 255, 16, 255, 24),
                RfbPixels.of(32, 32, false, 255, 16, 255, 8, 255, 0),
                RfbPixels.of(32, 24, false, 255, 24, 255, 8, 255, 0),
                RfbPixels.of(32, 30, false, 1023, 20, 1023, 10, 1023, 0),
                RfbPixels.of(32, 12, true, 15, 16, 15, 12, 15, 8),
                RfbPixels.of(32, 12, false, 15, 16, 15, 12, 15, 8),
                RfbPixels.of(16, 16, false, 31, 11, 63, 5, 31, 0),
                RfbPixels.of(16, 15, true, 31, 10, 31, 5, 31, 0),
                RfbPixels.of(8, 8, false, 7, 0, 7, 3, 3, 6),
                RfbPixels.of(8, 6, true, 3, 4, 3, 2, 3, 0));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void frameArrivesInAnyFormat(RfbPixels format) throws Exception {
        try (Looked looked = new Looked()) {
            Frame frame = Looked.noise(150, 100, 5, 300);
            looked.show(frame);
            int[] expected = Arrays.stream(frame.pixels()).map(format::nearest).toArray();
            for (int encoding : new int[] {RfbViewer.RAW, RfbViewer.ZRLE}) {
                RfbViewer viewer = looked.connected();
                viewer.pixels(format);
                viewer.encodings(encoding);
                viewer.request(false);
                viewer.update();

                assertThat(viewer.shown()).as("encoding " + encoding).isEqualTo(expected);
            }
        }
    }

    @Test
    void viewerWithAColourMapGetsOneAndPixelsOfIt() throws Exception {
        try (Looked looked = new Looked()) {
            Frame frame = Looked.noise(64, 64, 6, 30);
            looked.show(frame);
            RfbViewer viewer = looked.connected();
            viewer.colourMap();
            viewer.request(false);
            viewer.update();

            assertThat(viewer.rgb())
                    .isEqualTo(Arrays.stream(frame.pixels())
                            .map(p -> (coarse(p >> 16, 7) << 16) | (coarse(p >> 8, 7) << 8) | coarse(p, 3))
                            .toArray());
        }
    }

    /** A part of a colour, of as many steps as the map has, spread over 16 bits, of which the viewer shows 8. */
    private static int coarse(int part, int max) {
        return (Math.round((part & 0xff) * max / 255f) * 0xffff / max) >> 8;
    }

    /** One colour, palettes of every width, runs, and noise; at sizes that are no multiple of a tile. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 16, 17, 90, 127, 128, 129, 5000})
    void zrleOfAnyNumberOfColoursAndAnyRunsArrives(int colours) throws Exception {
        try (Looked looked = new Looked()) {
            RfbViewer viewer = looked.connected();
            viewer.encodings(RfbViewer.ZRLE, RfbViewer.DESKTOP_SIZE);
            for (int run : new int[] {1, 2, 3, 7, 64, 254, 255, 256, 257, 3000}) {
                Frame frame = runs(133, 70, colours, run);
                looked.show(frame);
                viewer.request(true);
                viewer.update();
                if (viewer.rgb()[0] == -1 || run == 1) {
                    viewer.request(false);
                    viewer.update();
                }

                assertThat(viewer.rgb()).as("runs of " + run).isEqualTo(Looked.rgb(frame));
            }
        }
    }

    private static Frame runs(int width, int height, int colours, int run) {
        int[] palette = Looked.noise(colours, 1, colours + 100L * run, Math.max(colours, 2))
                .pixels();
        int[] pixels = new int[width * height];
        Arrays.setAll(pixels, i -> palette[i / run % colours]);
        return new Frame(width, height, pixels);
    }

    @Test
    void textOfTwoColoursTakesFewBytes() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(Looked.noise(640, 480, 7, 2));
            RfbViewer viewer = looked.connected();
            viewer.encodings(RfbViewer.ZRLE);
            viewer.request(false);
            viewer.update();

            // One bit a pixel, and a little.
            Looked.await("it is counted", () -> looked.screen.counts().updates() == 1);
            assertThat(looked.screen.counts().bytes()).isLessThan(640 * 480 / 8 + 4096);
        }
    }
}
