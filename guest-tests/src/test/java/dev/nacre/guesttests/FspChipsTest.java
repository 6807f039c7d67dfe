package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static dev.nacre.guesttests.Guests.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.BootPath;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stock kernel's nouveau on the chips that boot by an FSP: with all of a driver's life in one guest each. */
class FspChipsTest {
    private static final int HEAD = 0;

    static Stream<Chip> chips() {
        return Arrays.stream(Chip.values()).filter(chip -> chip.bootPath() == BootPath.FSP);
    }

    @ParameterizedTest
    @MethodSource("chips")
    void bootsCopiesReloadsAndSuspends(Chip chip) throws IOException {
        BoardConfig config = BoardConfig.of(chip);
        try (TestBoard gpu = new TestBoard(config);
                Qemu guest = Qemu.start(Guests.guest(KernelChoice.BACKPORTS)
                        .gpu(gpu.slot("04.0"))
                        .jobs(
                                "load",
                                "list",
                                "banner",
                                "ce-pushbuf",
                                "fault-exec",
                                "ce-exec",
                                "sleep:3",
                                "cycle:1",
                                "suspend",
                                "ce-pushbuf")
                        .build())) {
            guest.serial().awaitLine("### nacre: banner written", BOUND);
            if (config.heads() > 0) {
                assertThat(becomesLit(gpu.board())).as("there is a picture").isTrue();
            }

            assertThat(guest.awaitExit(BOUND)).isZero();
            List<String> lines = guest.serial().lines();
            assertBooted(lines, config);
            assertWorked(lines);
            Guests.assertHealthy(lines);
            assertThat(gpu.board().unknownRegisters()).isEmpty();
        }
    }

    private static void assertBooted(List<String> lines, BoardConfig config) {
        assertSaid(lines, "nouveau .*: NVIDIA " + config.chip().name() + " \\(");
        assertSaid(lines, "nouveau .*drm: VRAM: " + (config.fbBytes() >> 20) + " MiB");
        assertSaid(lines, "nouveau .*drm: MM: using COPY for buffer copies");
        assertSaid(lines, "### nacre: node /dev/dri/card0");
        assertSaid(lines, "### nacre: node /dev/dri/renderD128");
        assertThat(lines)
                .as("a connector and a console if the chip has a display")
                .filteredOn(l -> l.contains("### nacre: connector ") || l.contains("fb0: nouveaudrmfb"))
                .hasSize(config.heads() > 0 ? 3 : 0);
    }

    private static void assertWorked(List<String> lines) {
        assertThat(lines).noneMatch(l -> l.contains("NACRE-TEST") && l.contains(" FAIL "));
        assertThat(lines)
                .as("before and after a reload and a suspend")
                .filteredOn(l -> l.contains("NACRE-TEST ce-pushbuf PASS"))
                .hasSize(2);
        assertSaid(lines, "NACRE-TEST ce-exec PASS");
        assertSaid(lines, "NACRE-TEST fault-exec PASS");
        assertSaid(lines, "### nacre: rmmod 1 rc=0");
        assertSaid(lines, "### nacre: suspend rc=0");
        assertSaid(lines, "### nacre: poweroff");
    }

    private static boolean becomesLit(Board board) {
        // TIMEOUT: the guest draws within a second; the jobs that follow take several.
        for (int looks = 0; looks < 20; looks++) {
            boolean lit = board.scanout(HEAD).stream()
                    .flatMapToInt(shown -> Arrays.stream(shown.pixels()))
                    .anyMatch(pixel -> (pixel & 0xffffff) != 0);
            if (lit) {
                return true;
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        return false;
    }
}
