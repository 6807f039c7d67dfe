package dev.nacre.daemon.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.rfb.RfbCounts;
import dev.nacre.display.rfb.RfbScreen;
import dev.nacre.display.rfb.RfbTransport;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is counted of the screens of heads. */
class HeadScreensTest {
    private static final Head BOARD = new Head.OfBoard("gpu0", 1);
    private static final Head VGPU = new Head.OfVgpu(new UUID(1, 2), 1);

    private final HeadScreens screens = new HeadScreens(new HeadsService());

    /** A viewer that goes before it has said anything. */
    private static RfbTransport gone() {
        return RfbTransport.of(InputStream.nullInputStream(), OutputStream.nullOutputStream(), () -> {});
    }

    @Test
    void screensOfOneHeadAreCountedTogetherAlsoAfterTheirEnd() {
        RfbScreen first = screens.open(BOARD, () -> {});
        RfbScreen second = screens.open(BOARD, () -> {});
        first.serve(gone());
        second.serve(gone());
        second.serve(gone());
        screens.close(first);
        screens.close(first);

        assertThat(screens.counts()).containsOnlyKeys(BOARD);
        assertThat(screens.counts().get(BOARD)).extracting(RfbCounts::sessions).isEqualTo(3L);
    }

    @Test
    void headsAreCountedApart() {
        screens.open(BOARD, () -> {}).serve(gone());
        RfbScreen untouched = screens.open(VGPU, () -> {});

        assertThat(screens.counts()).containsOnlyKeys(BOARD, VGPU).containsEntry(VGPU, RfbCounts.ZERO);
        screens.close(untouched);
        assertThat(screens.counts()).containsEntry(VGPU, RfbCounts.ZERO);
    }

    @Test
    void headsThatNobodyLooksAtAnyMoreAreForgottenInTheEnd() {
        screens.close(screens.open(BOARD, () -> {}));
        for (int i = 0; i < 5000; i++) {
            screens.close(screens.open(new Head.OfVgpu(new UUID(3, i), 0), () -> {}));
        }

        assertThat(screens.counts()).hasSizeLessThan(5000).doesNotContainKey(BOARD);
    }
}
