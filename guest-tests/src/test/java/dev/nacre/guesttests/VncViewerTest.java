package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import dev.nacre.display.rfb.RfbLimits;
import dev.nacre.display.rfb.RfbScreen;
import dev.nacre.display.rfb.RfbServer;
import dev.nacre.display.rfb.RfbSource;
import dev.nacre.testsupport.guest.host.HostCommand;
import java.awt.image.BufferedImage;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A viewer that others wrote sees what is shown: gvnccapture, as Debian has it. */
class VncViewerTest {
    // TIMEOUT: it takes a second; a busy machine many times that.
    private static final Duration BOUND = Duration.ofMinutes(1);
    // HW: RFC 6143, 7: viewers count displays from this port on.
    static final int FIRST_PORT = 5900;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 100, 40_000})
    void captureIsTheFrameToThePixel(int colours) throws Exception {
        assertCaptured(frame(1000, 700, colours));
    }

    @Test
    void captureOfASmallestFrameIsTheFrame() throws Exception {
        assertCaptured(frame(1, 1, 1));
    }

    private void assertCaptured(Frame frame) throws Exception {
        try (RfbScreen screen = new RfbScreen(showing(frame), RfbLimits.defaults());
                RfbServer server = RfbServer.onLoopback(screen, 0)) {
            Path picture = folder.resolve("picture.png");
            int display = ((InetSocketAddress) server.address()).getPort() - FIRST_PORT;
            List<String> words = new ArrayList<>(Guests.viewer("usr/bin/gvnccapture"));
            words.addAll(List.of("-q", "127.0.0.1:" + display, picture.toString()));

            HostCommand.Result result = new HostCommand(words, Map.of(), Optional.empty()).run(BOUND);

            assertThat(result.ok()).as(result.errors()).isTrue();
            BufferedImage image = ImageIO.read(picture.toFile());
            assertThat(image.getWidth()).isEqualTo(frame.width());
            assertThat(image.getHeight()).isEqualTo(frame.height());
            int[] seen = image.getRGB(0, 0, frame.width(), frame.height(), null, 0, frame.width());
            assertThat(Arrays.equals(seen, frame.pixels())).as("equal pixels").isTrue();
        }
    }

    private static RfbSource showing(Frame frame) {
        return new RfbSource() {
            @Override
            public String name() {
                return "head 0";
            }

            @Override
            public Optional<Frame> frame() {
                return Optional.of(frame);
            }
        };
    }

    /** Noise in some colours, with runs in it. */
    private static Frame frame(int width, int height, int colours) {
        SplittableRandom random = new SplittableRandom(colours);
        int[] palette = random.ints(colours).map(c -> c | 0xff00_0000).toArray();
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; ) {
            int end = Math.min(pixels.length, i + (random.nextInt(4) == 0 ? random.nextInt(1, 700) : 1));
            Arrays.fill(pixels, i, end, palette[random.nextInt(colours)]);
            i = end;
        }
        return new Frame(width, height, pixels);
    }
}
