package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.display.Frame;
import dev.nacre.testsupport.rfb.RfbViewer;
import dev.nacre.testsupport.rfb.RfbViewer.Rectangle;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RfbSessionTest {
    private static final Frame FRAME = Looked.noise(200, 130, 1, 9);

    @ParameterizedTest
    @ValueSource(ints = {3, 5, 7, 8, 889})
    void viewerOfAnyVersionSeesTheFrame(int minor) throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);

            RfbViewer viewer = looked.viewer().connect(minor);
            viewer.request(false);
            viewer.update();

            assertThat(viewer.name()).isEqualTo("a test's head");
            assertThat(viewer.rgb()).isEqualTo(Looked.rgb(FRAME));
        }
    }

    @Test
    void sourceThatIsOffIsBlackAndItsSizeFollows() throws Exception {
        try (Looked looked = new Looked()) {
            RfbViewer viewer = looked.connected();
            viewer.encodings(RfbViewer.ZRLE, RfbViewer.DESKTOP_SIZE);
            viewer.request(false);
            viewer.update();
            assertThat(viewer.width()).isEqualTo(640);
            assertThat(viewer.rgb()).containsOnly(0);

            looked.show(FRAME);
            viewer.request(true);
            viewer.update();
            assertThat(viewer.width()).isEqualTo(200);
            viewer.request(true);
            viewer.update();
            assertThat(viewer.rgb()).isEqualTo(Looked.rgb(FRAME));

            looked.off();
            viewer.request(true);
            viewer.update();
            assertThat(viewer.width()).isEqualTo(200);
            assertThat(viewer.rgb()).containsOnly(0);
        }
    }

    @Test
    void incrementalRequestIsAnsweredWithTheTileThatChanged() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();
            viewer.request(false);
            viewer.update();

            viewer.request(true);
            int[] changed = FRAME.pixels().clone();
            changed[70 * 200 + 199] ^= 0xff;
            looked.show(new Frame(200, 130, changed));
            List<Rectangle> update = viewer.update();

            assertThat(update).singleElement().satisfies(r -> {
                assertThat(List.of(r.x(), r.y(), r.width(), r.height())).containsExactly(192, 64, 8, 64);
            });
            assertThat(viewer.rgb()).isEqualTo(Looked.rgb(new Frame(200, 130, changed)));
        }
    }

    @Test
    void requestOfAPartIsAnsweredForThatPart() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();

            viewer.request(false, 70, 70, 5, 5);
            List<Rectangle> update = viewer.update();

            assertThat(update).singleElement().satisfies(r -> assertThat(r.x()).isEqualTo(64));
        }
    }

    @Test
    void requestBeyondTheScreenIsAnsweredWithNothing() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();

            viewer.request(false, 60_000, 60_000, 65_535, 65_535);

            assertThat(viewer.update()).isEmpty();
        }
    }

    @Test
    void sizeIsToldWithItsLayoutToWhomUnderstandsThat() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();
            viewer.encodings(RfbViewer.RAW, RfbViewer.EXTENDED_DESKTOP_SIZE, RfbViewer.DESKTOP_SIZE);
            viewer.request(false);
            assertThat(viewer.update().getFirst().encoding()).isEqualTo(RfbViewer.EXTENDED_DESKTOP_SIZE);

            // SetDesktopSize to 100x100 with one screen: refused, as status 1 of this viewer's wish.
            viewer.send(251, 0, 0, 100, 0, 100, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 0, 100, 0, 0, 0, 0);
            viewer.request(true);
            Rectangle refused = viewer.update().getFirst();

            assertThat(List.of(refused.encoding(), refused.x(), refused.y()))
                    .containsExactly(RfbViewer.EXTENDED_DESKTOP_SIZE, 1, 1);
            assertThat(viewer.width()).isEqualTo(200);
        }
    }

    @Test
    void viewerThatCannotFollowANewSizeIsEnded() throws Exception {
        try (Looked looked = new Looked()) {
            RfbViewer viewer = looked.connected();
            viewer.request(false);
            viewer.update();

            looked.show(FRAME);
            viewer.request(true);

            assertThatThrownBy(viewer::update).isInstanceOf(IOException.class);
        }
    }

    @Test
    void pointerIsADotWithAlphaWhereThatIsUnderstood() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();
            viewer.encodings(RfbViewer.RAW, RfbViewer.CURSOR, RfbViewer.CURSOR_WITH_ALPHA);
            viewer.request(false);
            Rectangle alpha = pointer(viewer.update(), RfbViewer.CURSOR_WITH_ALPHA);

            viewer.encodings(RfbViewer.RAW, RfbViewer.CURSOR);
            viewer.pixels(dev.nacre.testsupport.rfb.RfbPixels.of(16, 16, false, 31, 11, 63, 5, 31, 0));
            viewer.request(false);
            Rectangle masked = pointer(viewer.update(), RfbViewer.CURSOR);

            int side = PointerShape.SIDE;
            assertThat(alpha.width()).isEqualTo(side);
            int middle = 4 * (side * PointerShape.HOT + PointerShape.HOT);
            assertThat(alpha.bytes()[middle + 3]).isEqualTo((byte) 0xff);
            assertThat(alpha.bytes()[3]).isEqualTo((byte) 0xa0);
            assertThat(alpha.bytes()[0]).isEqualTo((byte) 0xa0);
            assertThat(masked.bytes()).hasSize(side * side * 2 + side);
            assertThat(masked.bytes()[side * side * 2]).isEqualTo((byte) 0xf8);
        }
    }

    private static Rectangle pointer(List<Rectangle> update, int encoding) {
        return update.stream().filter(r -> r.encoding() == encoding).findFirst().orElseThrow();
    }

    @Test
    void keysPointersAndClipboardsAreCountedAndDropped() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();

            viewer.send(4, 1, 0, 0, 0, 0, 0, 65);
            viewer.send(5, 1, 0, 10, 0, 10);
            viewer.send(6, 0, 0, 0, 0, 0, 0, 3, 'a', 'b', 'c');
            viewer.send(255, 0, 0, 1, 0, 0, 0, 65, 0, 0, 0, 30);
            viewer.request(false);
            viewer.update();

            assertThat(looked.screen.counts().ignoredInputs()).isEqualTo(4);
            assertThat(viewer.rgb()).isEqualTo(Looked.rgb(FRAME));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello, here I am",
                "RFB 003.008\n\u0002",
                "RFB 003.008\n\u0001\u0001\u0007",
                "RFB 003.008\n\u0001\u0001\u0006\0\0\0\u00ff\u00ff\u00ff\u00ff",
                "RFB 003.008\n\u0001\u0001\u0000\0\0\0\u0018\u0018\0\u0001\0\u00ff\0\u00ff\0\u00ff\0\u0008\u0010\0\0\0",
                "RFB 003.008\n\u0001\u0001\u0000\0\0\0\u0010\u0010\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
                "RFB 003.008\n\u0001\u0001\u00ff\u0001"
            })
    void viewerAgainstTheProtocolIsTurnedOut(String said) throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            Socket socket = looked.socket();

            socket.getOutputStream().write(said.getBytes(StandardCharsets.ISO_8859_1));

            socket.getInputStream().readAllBytes();
            Looked.await("the fault is counted", () -> looked.screen.counts().failed() == 1);
            assertThat(looked.screen.counts().viewers()).isZero();
        }
    }

    @Test
    void viewerThatSaysNothingIsTurnedOut() throws Exception {
        RfbLimits limits = new RfbLimits(1, 30, Duration.ofMillis(200), Duration.ofSeconds(20));
        try (Looked looked = new Looked(limits)) {
            Socket socket = looked.socket();

            assertThat(socket.getInputStream().readAllBytes()).hasSize(12);

            Looked.await("the fault is counted", () -> looked.screen.counts().failed() == 1);
        }
    }

    @Test
    void viewerThatTakesNothingIsTurnedOutAndDelaysNobody() throws Exception {
        RfbLimits limits = new RfbLimits(4, 1000, Duration.ofSeconds(20), Duration.ofSeconds(2));
        try (Looked looked = new Looked(limits)) {
            looked.show(Looked.noise(2000, 2000, 3, 1000));
            RfbViewer stuck = looked.connected();
            for (int i = 0; i < 3; i++) {
                stuck.request(false);
            }

            RfbViewer other = looked.connected();
            for (int i = 0; i < 3; i++) {
                other.request(false);
                other.update();
            }

            Looked.await("the fault is counted", () -> looked.screen.counts().failed() == 1);
            assertThat(looked.screen.counts().viewers()).isEqualTo(1);
        }
    }

    @Test
    void viewerTooManyIsToldSo() throws Exception {
        RfbLimits limits = new RfbLimits(1, 30, Duration.ofSeconds(20), Duration.ofSeconds(20));
        try (Looked looked = new Looked(limits)) {
            looked.connected();

            for (int minor : new int[] {3, 8}) {
                assertThatThrownBy(() -> looked.viewer().connect(minor)).hasMessageContaining("too many viewers");
            }

            assertThat(looked.screen.counts().refused()).isEqualTo(2);
        }
    }

    @Test
    void screenThatClosesEndsItsViewers() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();
            viewer.request(false);
            viewer.update();
            viewer.request(true);

            looked.screen.close();

            assertThatThrownBy(viewer::update).isInstanceOf(IOException.class);
            Looked.await("it is gone", () -> looked.screen.counts().viewers() == 0);
            assertThat(looked.screen.counts().failed()).isZero();
        }
    }

    @Test
    void sourceAtWhichNobodyLooksIsLeftAlone() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            RfbViewer viewer = looked.connected();
            viewer.request(false);
            viewer.update();
            int looks = looked.looks.get();

            // Several more of its messages are read, but none asks for anything.
            for (int i = 0; i < 100; i++) {
                viewer.send(4, 1, 0, 0, 0, 0, 0, 65);
            }
            Looked.await("they are read", () -> looked.screen.counts().ignoredInputs() == 100);

            assertThat(looked.looks.get()).isEqualTo(looks);
        }
    }

    @Test
    void sourceThatBreaksIsBlack() throws Exception {
        RfbSource broken = new RfbSource() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public java.util.Optional<Frame> frame() {
                throw new IllegalStateException("planted");
            }
        };
        try (RfbScreen screen = new RfbScreen(broken, Looked.QUICK);
                RfbServer server = RfbServer.onLoopback(screen, 0);
                Socket socket = new Socket(
                        ((java.net.InetSocketAddress) server.address()).getAddress(),
                        ((java.net.InetSocketAddress) server.address()).getPort());
                RfbViewer viewer = new RfbViewer(socket.getInputStream(), socket.getOutputStream())) {
            viewer.connect(8);
            viewer.request(false);
            viewer.update();

            assertThat(viewer.rgb()).containsOnly(0);
        }
    }

    @Test
    void manyViewersSeeEveryChangeInTheEnd() throws Exception {
        try (Looked looked = new Looked()) {
            looked.show(FRAME);
            List<RfbViewer> viewers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                RfbViewer viewer = looked.connected();
                viewer.encodings(i % 2 == 0 ? RfbViewer.ZRLE : RfbViewer.RAW);
                viewer.request(false);
                viewers.add(viewer);
            }
            for (RfbViewer viewer : viewers) {
                viewer.update();
            }

            Frame last = FRAME;
            for (int round = 0; round < 20; round++) {
                int[] pixels = last.pixels().clone();
                pixels[round * 997] ^= 0x00ffffff;
                last = new Frame(200, 130, pixels);
                looked.show(last);
                for (RfbViewer viewer : viewers) {
                    viewer.request(true);
                    viewer.update();
                }
            }

            for (RfbViewer viewer : viewers) {
                assertThat(viewer.rgb()).isEqualTo(Looked.rgb(last));
            }
        }
    }
}
