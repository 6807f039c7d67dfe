package dev.nacre.board.fb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.regs.RegisterPlaces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryInterfaceTest {
    @ParameterizedTest
    @ValueSource(longs = {512, 1024, 2048, 3072, 16384, 49152})
    void theRangeRegisterGivesTheSize(long mebibytes) {
        MemoryInterface memory = new MemoryInterface(mebibytes << 20, RegisterPlaces.TURING_TO_ADA);

        int range = memory.pfb().read(0x100ce0);

        assertThat((long) (range >>> 4 & 0x3f) << (range & 0xf)).isEqualTo(mebibytes);
    }

    @Test
    void flushesAreDoneAtOnce() {
        MemoryInterface memory = new MemoryInterface(1 << 30, RegisterPlaces.TURING_TO_ADA);

        memory.flush().write(0x070000, 1);
        memory.flush().write(0x070010, 1);

        assertThat(memory.flush().read(0x070000)).isZero();
        assertThat(memory.flush().read(0x070010)).isZero();
    }

    @Test
    void theFlushPageReadsBack() {
        MemoryInterface memory = new MemoryInterface(1 << 30, RegisterPlaces.TURING_TO_ADA);

        memory.pfb().write(0x100c10, 0x81da0);
        memory.pfb().write(0x100c40, 1);

        assertThat(memory.pfb().read(0x100c10)).isEqualTo(0x81da0);
        assertThat(memory.pfb().read(0x100c40)).isEqualTo(1);
    }

    @Test
    void driversCannotWriteTheProtectedRegion() {
        MemoryInterface memory = new MemoryInterface(1 << 30, RegisterPlaces.TURING_TO_ADA);
        memory.wpr2(0x1000_0000, 0x1002_0000);

        memory.mmu().write(0x1fa824, 0);
        memory.mmu().write(0x1fa828, 0);

        assertThat(memory.isWpr2Up()).isTrue();
        memory.wpr2Down();
        assertThat(memory.mmu().read(0x1fa824)).isZero();
        assertThat(memory.isWpr2Up()).isFalse();
    }
}
