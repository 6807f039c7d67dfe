package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class SharedMemoryTest {
    private static final int PAGE = 0x1000;
    private static final int PAGES = 700;

    private final byte[] ram = new byte[2 * PAGES * PAGE];
    private final GuestMemory memory = new GuestMemory();

    SharedMemoryTest() {
        memory.map(0, MemorySegment.ofArray(ram), true, true);
        memory.busMaster(true);
    }

    /** Every second page, from the end down. */
    private static long page(int index) {
        return 2L * PAGE * (PAGES - 1 - index);
    }

    // The list itself has two pages, which do not follow each other.
    private void putList() {
        WireStruct all = WireStruct.over(ram);
        for (int i = 0; i < PAGES; i++) {
            all.put64((int) page(i / 512) + 8 * (i % 512), page(i));
        }
    }

    @Test
    void listOfSeveralPages_isFollowed() {
        putList();

        SharedMemory shared = SharedMemory.read(memory, page(0), PAGES);
        shared.write32(PAGE * 650 + 8, 0x1234);

        assertThat(WireStruct.over(ram).get32((int) page(650) + 8)).isEqualTo(0x1234);
        assertThat(shared.read32(PAGE * 650 + 8)).isEqualTo(0x1234);
        assertThat(shared.sizeBytes()).isEqualTo(PAGES * PAGE);
    }

    @Test
    void misalignedPage_isRefused() {
        putList();
        WireStruct.over(ram).put64((int) page(0) + 8 * 5, 0x1001);

        assertThatThrownBy(() -> SharedMemory.read(memory, page(0), PAGES))
                .isInstanceOf(BootRefusedException.class)
                .hasMessageContaining("page=5");
    }

    @Test
    void pageThatIsNotThere_faultsWhenUsed() {
        putList();
        WireStruct.over(ram).put64((int) page(0) + 8 * 5, 1L << 40);

        SharedMemory shared = SharedMemory.read(memory, page(0), PAGES);

        assertThatThrownBy(() -> shared.read32(5 * PAGE)).isInstanceOf(DmaFault.class);
    }
}
