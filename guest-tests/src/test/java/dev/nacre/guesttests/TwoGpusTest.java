package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two boards of one process in one guest. */
class TwoGpusTest {
    @Test
    void bothCardsWork() throws IOException {
        try (TestBoard first = new TestBoard(BoardConfig.of(Chip.AD102));
                TestBoard second = new TestBoard(BoardConfig.of(Chip.GA102))) {
            List<String> lines = Guests.runToPowerOff(Guests.guest(KernelChoice.BACKPORTS)
                    .gpu(first.slot("04.0"))
                    .gpu(second.slot("05.0"))
                    .jobs("load", "list", "ce-exec:/dev/dri/renderD128", "ce-exec:/dev/dri/renderD129")
                    .build());

            assertSaid(lines, "nouveau .*04.0: NVIDIA AD102");
            assertSaid(lines, "nouveau .*05.0: NVIDIA GA102");
            assertSaid(lines, "### nacre: node /dev/dri/card1");
            assertThat(lines)
                    .filteredOn(l -> l.contains("NACRE-TEST ce-exec PASS"))
                    .hasSize(2);
        }
    }
}
