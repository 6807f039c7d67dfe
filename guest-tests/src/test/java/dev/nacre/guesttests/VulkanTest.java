package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.assertSaid;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mesa's NVK, unmodified, takes the board for an L40. */
class VulkanTest {
    @Test
    void vulkaninfoNamesTheBoard() throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(Chip.AD102))) {
            List<String> lines = Guests.runToPowerOff(Guests.vulkanGuest(KernelChoice.BACKPORTS)
                    .gpu(gpu.slot("04.0"))
                    .jobs("load", "vulkaninfo")
                    .build());

            assertSaid(lines, "deviceName +=.*NVIDIA L40 \\(NVK AD102\\)");
            assertSaid(lines, "vendorID +=.*0x10de");
        }
    }
}
