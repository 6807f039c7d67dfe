package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static dev.nacre.guesttests.Guests.assertSaid;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Guests end in every way, and the board serves the next one. */
class GuestLifeTest {
    @Test
    void guestThatRebootsFindsTheCardAgain() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102));
                Qemu guest = Qemu.start(launch(gpu, "load", "reboot").restarts().build())) {
            int first = guest.serial().awaitLine("### nacre: card ready", BOUND).index();
            int second = guest.serial()
                    .awaitLine("### nacre: card ready", first + 1, BOUND)
                    .index();
            guest.serial().awaitLine("### nacre: reboot", second + 1, BOUND);

            Guests.assertHealthy(guest.serial().lines());
        }
    }

    @Test
    void machineResetInMidBootFindsTheCardAgain() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102));
                Qemu guest = Qemu.start(
                        launch(gpu, "load", "ce-exec", "wait").restarts().build())) {
            int first = guest.serial().awaitLine("bios: version", BOUND).index();
            guest.monitor().reset();
            guest.serial().awaitLine("### nacre: card ready", first + 1, BOUND);
            guest.serial().awaitLine("NACRE-TEST ce-exec PASS", first + 1, BOUND);
        }
    }

    /** The moments at which QEMU is killed: before the driver, in its boot of the GSP, with channels, with a picture. */
    @ParameterizedTest
    @ValueSource(
            strings = {"### nacre: dependencies loaded", "bios: version", "MM: using COPY", "### nacre: card ready"})
    void boardServesANewGuestAfterQemuWasKilled(String moment) throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102))) {
            try (Qemu killed = Qemu.start(launch(gpu, "load", "wait").build())) {
                killed.serial().awaitLine(moment, BOUND);
                killed.kill();
            }

            List<String> lines =
                    Guests.runToPowerOff(launch(gpu, "load", "ce-exec").build());

            assertSaid(lines, "### nacre: card ready");
            assertSaid(lines, "NACRE-TEST ce-exec PASS");
        }
    }

    private static GuestLaunch.Builder launch(TestBoard gpu, String... jobs) {
        return Guests.guest(KernelChoice.BACKPORTS).gpu(gpu.slot("04.0")).jobs(jobs);
    }
}
