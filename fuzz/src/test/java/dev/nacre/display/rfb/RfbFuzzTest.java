package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.display.Frame;
import dev.nacre.display.rfb.ClientMessage.SetPixelFormat;
import dev.nacre.testsupport.rfb.RfbPixels;
import dev.nacre.testsupport.rfb.RfbViewer;
import dev.nacre.testsupport.rfb.RfbViewer.Rectangle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a viewer says, its session ends when it has said its last, and each update that it asked for shows the frame
 * in the format that it chose.
 */
final class RfbFuzzTest {
    private static final byte[] GREETING = "RFB 003.008\n\u0001".getBytes(StandardCharsets.ISO_8859_1);
    private static final RfbLimits LIMITS = new RfbLimits(2, 1000, Duration.ofSeconds(10), Duration.ofSeconds(10));
    private static final int MESSAGES = 60;
    private static final int RESIZE_EVERY = 16;

    @FuzzTest
    void anyClient(byte[] said) throws IOException {
        assertSessionEnds(said);
        assertSessionEnds(concatenated(GREETING, concatenated(new byte[] {1}, said)));
        assertUpdatesAreRight(said);
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static void assertSessionEnds(byte[] said) {
        ByteArrayInputStream in = new ByteArrayInputStream(said);
        OutputStream out = OutputStream.nullOutputStream();
        try (RfbScreen screen = new RfbScreen(new Source(), LIMITS)) {
            screen.serve(RfbTransport.of(in, out, () -> {}));

            assertThat(screen.counts().viewers()).isZero();
            assertThat(screen.counts().sessions()).isEqualTo(1);
        }
    }

    /** The same without threads, so that it is known what each update must show. */
    private static void assertUpdatesAreRight(byte[] said) throws IOException {
        ClientMessages messages = new ClientMessages(new DataInputStream(new ByteArrayInputStream(said)));
        Relay relay = new Relay();
        Picture picture = Picture.first(frame(0));
        Viewer viewer = new Viewer();
        viewer.told(picture);
        try (UpdateWriter writer = new UpdateWriter(new DataOutputStream(relay.written));
                RfbViewer other = relay.viewer(picture.frame())) {
            RfbPixels format = RfbPixels.rgb888();
            for (int i = 1; i <= MESSAGES && !viewer.isOver(); i++) {
                ClientMessage message = next(messages);
                if (message == null) {
                    return;
                }
                if (message instanceof SetPixelFormat(PixelFormat wish, boolean map)) {
                    format = chosen(other, wish, map);
                }
                viewer.hear(message);
                picture = picture.next(frame(i));
                Optional<Update> update = viewer.take(picture);
                if (update.isPresent()) {
                    writer.write(update.get());
                    assertShown(other, format, picture.frame());
                }
            }
        }
    }

    private static @Nullable ClientMessage next(ClientMessages messages) {
        try {
            return messages.next();
        } catch (IOException ended) {
            return null;
        }
    }

    private static RfbPixels chosen(RfbViewer other, PixelFormat wish, boolean map) throws IOException {
        RfbPixels format = RfbPixels.of(
                wish.bitsPerPixel(),
                wish.depth(),
                wish.bigEndian(),
                wish.red().max(),
                wish.red().shift(),
                wish.green().max(),
                wish.green().shift(),
                wish.blue().max(),
                wish.blue().shift());
        if (map) {
            other.colourMap();
        } else {
            other.pixels(format);
        }
        return format;
    }

    private static void assertShown(RfbViewer other, RfbPixels format, Frame frame) throws IOException {
        for (Rectangle r : other.update()) {
            if (r.encoding() != RfbViewer.RAW && r.encoding() != RfbViewer.ZRLE) {
                continue;
            }
            int[] shown = other.shown();
            for (int y = r.y(); y < r.y() + r.height(); y++) {
                for (int x = r.x(); x < r.x() + r.width(); x++) {
                    int at = y * frame.width() + x;
                    if (shown[at] != format.nearest(frame.pixels()[at])) {
                        throw new AssertionError("Another pixel at " + x + "," + y + " of " + r);
                    }
                }
            }
        }
        assertThat(other.width()).isEqualTo(frame.width());
        assertThat(other.height()).isEqualTo(frame.height());
    }

    private static Frame frame(int round) {
        boolean large = round / RESIZE_EVERY % 2 == 0;
        int width = large ? 130 : 67;
        int height = large ? 70 : 65;
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            int tile = i % width / Picture.TILE;
            // Text, noise and bars, by turns of tiles.
            pixels[i] = switch (tile) {
                case 0 -> i * 7 % 5 < 2 ? 0xffffff : 0x112233;
                case 1 -> i * 0x9e3779b1;
                default -> i / 300 * 0x010203;
            };
        }
        pixels[round * 131 % pixels.length] ^= 0x00ff00;
        return new Frame(width, height, pixels);
    }

    private static final class Source implements RfbSource {
        private int round;

        @Override
        public String name() {
            return "fuzzed";
        }

        @Override
        public Optional<Frame> frame() {
            return Optional.of(RfbFuzzTest.frame(round++));
        }
    }

    /** What the server writes is what the viewer reads. */
    private static final class Relay {
        final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private ByteArrayInputStream held = new ByteArrayInputStream(new byte[0]);

        RfbViewer viewer(Frame first) throws IOException {
            DataOutputStream out = new DataOutputStream(written);
            byte[] greeting = concatenated(GREETING, new byte[] {1});
            new Handshake(new DataInputStream(new ByteArrayInputStream(greeting)), out).agree();
            try (UpdateWriter writer = new UpdateWriter(out)) {
                writer.init(first, "fuzzed");
            }
            return new RfbViewer(reading(), OutputStream.nullOutputStream()).connect(8);
        }

        private InputStream reading() {
            return new InputStream() {
                @Override
                public int read() {
                    refill();
                    return held.read();
                }

                @Override
                public int read(byte[] to, int offset, int length) {
                    refill();
                    return held.read(to, offset, length);
                }

                private void refill() {
                    if (held.available() == 0) {
                        held = new ByteArrayInputStream(written.toByteArray());
                        written.reset();
                    }
                }
            };
        }
    }
}
