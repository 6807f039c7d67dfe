package dev.nacre.corejava.rm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Hostility;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.rm.ParamLayout.KernelInterruptTable;
import org.junit.jupiter.api.Test;

class InterruptVectorsTest {
    private static byte[] table() {
        int row = KernelInterruptTable.TABLE;
        return new WireStruct(KernelInterruptTable.BYTES)
                .put32(KernelInterruptTable.TABLE_LEN, 1)
                .put32(row + KernelInterruptTable.ENGINE_IDX, 50)
                .put32(row + KernelInterruptTable.VECTOR_STALL, 155)
                .put32(row + KernelInterruptTable.VECTOR_NON_STALL, -1)
                .bytes();
    }

    @Test
    void vectorsAreKnownByEngine() {
        InterruptVectors vectors = InterruptVectors.parse(new HostileBytes("table", table()), 256);

        assertThat(vectors.stall(50)).isEqualTo(155);
        assertThat(vectors.nonStall(50)).isEqualTo(InterruptVectors.NONE);
        assertThat(vectors.stall(51)).isEqualTo(InterruptVectors.NONE);
    }

    @Test
    void anyTableIsTakenOrRefused() {
        Hostility.assertTakenOrRefused(
                table(),
                bytes -> assertThat(InterruptVectors.parse(new HostileBytes("table", bytes), 256)
                                .stall(50))
                        .isBetween(-1, 255));
    }
}
