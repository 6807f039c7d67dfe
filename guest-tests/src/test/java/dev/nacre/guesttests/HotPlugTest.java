package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A monitor is unplugged and plugged in again while the guest runs. */
class HotPlugTest {
    @Test
    void guestSeesTheMonitorGoAndComeBack() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102));
                Qemu guest = Qemu.start(Guests.guest(KernelChoice.BACKPORTS)
                        .gpu(gpu.slot("04.0"))
                        .jobs("load", "hotplug:200")
                        .build())) {
            int plugged = guest.serial()
                    .awaitLine("### nacre: hotplug .*=connected", BOUND)
                    .index();
            gpu.board().plug(0, false);
            int unplugged = guest.serial()
                    .awaitLine("### nacre: hotplug .*=disconnected", plugged + 1, BOUND)
                    .index();
            gpu.board().plug(0, true);
            guest.serial().awaitLine("### nacre: hotplug .*=connected", unplugged + 1, BOUND);

            Guests.assertHealthy(guest.serial().lines());
        }
    }
}
