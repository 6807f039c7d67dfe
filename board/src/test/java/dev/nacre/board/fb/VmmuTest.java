package dev.nacre.board.fb;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VmmuTest {
    private static final long SEGMENT = Vmmu.SEGMENT_BYTES;

    private final VramStore store = new VramStore(8 * SEGMENT);
    private final Vmmu vmmu = new Vmmu(store);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aPartHasAddressesOfItsOwn() {
        Vram part = vmmu.open(1, 2 * SEGMENT, SEGMENT).orElseThrow().vram();

        part.writeInt(0, 7);
        part.writeInt(SEGMENT - 4, 8);
        part.writeInt(SEGMENT, 9);
        part.writeInt(-4, 9);

        assertThat(part.sizeBytes()).isEqualTo(SEGMENT);
        assertThat(store.vram().readInt(2 * SEGMENT)).isEqualTo(7);
        assertThat(store.vram().readInt(3 * SEGMENT - 4)).isEqualTo(8);
        assertThat(store.vram().readInt(3 * SEGMENT)).isZero();
        assertThat(store.vram().readInt(2 * SEGMENT - 4)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "-128, 128", "0, -128", "1024, 128", "896, 256", "0, 1152", "1, 128"})
    void whatIsNoPartIsNotGiven(long offsetMib, long mib) {
        assertThat(vmmu.open(1, offsetMib << 20, mib << 20)).isEmpty();
    }

    @Test
    void aRangeThatWrapsIsNotGiven() {
        assertThat(vmmu.open(1, -SEGMENT, SEGMENT)).isEmpty();
        assertThat(vmmu.open(1, SEGMENT, Long.MAX_VALUE / SEGMENT * SEGMENT)).isEmpty();
        assertThat(vmmu.open(1, Long.MAX_VALUE / SEGMENT * SEGMENT, 2 * SEGMENT))
                .isEmpty();
    }

    @Test
    void aPartOfASegmentIsNotGiven() {
        assertThat(vmmu.open(1, 0, SEGMENT / 2)).isEmpty();
        assertThat(vmmu.open(1, SEGMENT / 2, SEGMENT)).isEmpty();
    }

    @Test
    void twoHaveNothingInCommonUntilOneGivesItsPartBack() {
        assertThat(vmmu.open(1, 2 * SEGMENT, 2 * SEGMENT)).isPresent();

        assertThat(vmmu.open(2, SEGMENT, 2 * SEGMENT)).isEmpty();
        assertThat(vmmu.open(2, 3 * SEGMENT, 2 * SEGMENT)).isEmpty();
        assertThat(vmmu.open(2, 2 * SEGMENT, SEGMENT)).isEmpty();
        assertThat(vmmu.open(2, 0, 8 * SEGMENT)).isEmpty();
        assertThat(vmmu.open(2, 4 * SEGMENT, SEGMENT)).isPresent();
        vmmu.close(1);
        assertThat(vmmu.open(3, 2 * SEGMENT, 2 * SEGMENT)).isPresent();
    }

    @Test
    void oneHasOnePart() {
        assertThat(vmmu.open(1, 0, SEGMENT)).isPresent();

        assertThat(vmmu.open(1, SEGMENT, SEGMENT)).isEmpty();
    }

    @Test
    void clearingAPartClearsNothingElse() {
        VramStore part = vmmu.open(1, SEGMENT, SEGMENT).orElseThrow();
        store.vram().writeInt(SEGMENT - 4, 1);
        store.vram().writeInt(SEGMENT, 2);
        store.vram().writeInt(2 * SEGMENT - 4, 3);
        store.vram().writeInt(2 * SEGMENT, 4);

        part.clear();

        assertThat(part.nextInUse(0)).isEmpty();
        assertThat(part.inUseBytes()).isZero();
        assertThat(store.vram().readInt(SEGMENT - 4)).isEqualTo(1);
        assertThat(store.vram().readInt(SEGMENT)).isZero();
        assertThat(store.vram().readInt(2 * SEGMENT - 4)).isZero();
        assertThat(store.vram().readInt(2 * SEGMENT)).isEqualTo(4);
    }

    @Test
    void useIsThatOfThePartAlone() {
        VramStore part = vmmu.open(1, SEGMENT, SEGMENT).orElseThrow();
        store.vram().segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
        store.vram().segment().set(ValueLayout.JAVA_BYTE, 2 * SEGMENT, (byte) 1);
        store.vram().segment().set(ValueLayout.JAVA_BYTE, SEGMENT + 0x20_0000, (byte) 1);
        store.vram().segment().set(ValueLayout.JAVA_BYTE, 2 * SEGMENT - 1, (byte) 1);

        assertThat(part.nextInUse(0)).hasValue(0x20_0000L);
        assertThat(part.inUseBytes()).isBetween(8192L, 8L << 20);
        assertThat(store.inUseBytes()).isGreaterThanOrEqualTo(part.inUseBytes() + 8192);
    }

    @Test
    void closingAPartLeavesTheMemory() {
        VramStore part = vmmu.open(1, SEGMENT, SEGMENT).orElseThrow();

        part.close();

        store.vram().writeInt(SEGMENT, 3);
        assertThat(part.vram().readInt(0)).isEqualTo(3);
    }
}
