package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The driver leaves and comes back, on the same board, in the same guest. */
class DriverReloadTest {
    @Test
    void threeReloadsEachEndInACardThatWorks() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102))) {
            List<String> lines = Guests.runToPowerOff(Guests.guest(KernelChoice.BACKPORTS)
                    .gpu(gpu.slot("04.0"))
                    .jobs("load", "cycle:3", "list", "ce-exec")
                    .build());

            assertThat(lines)
                    .filteredOn(l -> l.contains("### nacre: card ready"))
                    .hasSize(4);
            assertThat(lines)
                    .filteredOn(l -> l.matches(".*### nacre: rmmod \\d rc=0.*"))
                    .hasSize(3);
            assertSaid(lines, "NACRE-TEST ce-exec PASS");
        }
    }

    @Test
    void functionLevelResetFromTheGuestLeavesABoardThatBoots() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102))) {
            List<String> lines = Guests.runToPowerOff(Guests.guest(KernelChoice.BACKPORTS)
                    .gpu(gpu.slot("04.0"))
                    .jobs("load", "reset", "ce-exec")
                    .build());

            assertSaid(lines, "### nacre: reset flr rc=0");
            assertThat(lines)
                    .filteredOn(l -> l.contains("### nacre: card ready"))
                    .hasSize(2);
            assertSaid(lines, "NACRE-TEST ce-exec PASS");
        }
    }
}
