package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SystemMemoryTest {
    private final FakeTransport transport = new FakeTransport();

    @Test
    void theDeviceSeesEachPageWhereTheBufferSaysItIs() {
        try (SystemMemory memory = new SystemMemory(transport, 4L << 20, new Random(1))) {
            DmaBuffer buffer = memory.allocate(64 << 10);
            byte[] noise = new byte[64 << 10];
            new Random(2).nextBytes(noise);

            buffer.putBytes(0, noise);

            Words words = new Words(noise);
            for (int at = 0; at < noise.length; at += 8) {
                assertThat(transport.memory.readLong(buffer.iova(at))).isEqualTo(words.longAt(at));
            }
            assertThat(buffer.bytesAt(5, 10_000)).isEqualTo(words.bytesAt(5, 10_000));
        }
    }

    @Test
    void pagesOfABufferAreNotContiguousForTheDevice() {
        try (SystemMemory memory = new SystemMemory(transport, 4L << 20, new Random(1))) {
            DmaBuffer buffer = memory.allocate(256 << 10);

            int contiguous = 0;
            for (int page = 1; page < 64; page++) {
                contiguous += buffer.iova(page * 4096L) == buffer.iova((page - 1) * 4096L) + 4096 ? 1 : 0;
            }

            assertThat(contiguous).isLessThan(8);
        }
    }

    @Test
    void aContiguousBufferIsOnePiece() {
        try (SystemMemory memory = new SystemMemory(transport, 4L << 20, new Random(1))) {
            DmaBuffer buffer = memory.allocateContiguous(64 << 10);

            assertThat(buffer.iova(0xfff0)).isEqualTo(buffer.iova(0) + 0xfff0);
        }
    }

    @Test
    void closingTakesTheMemoryFromTheDevice() {
        SystemMemory memory = new SystemMemory(transport, 1L << 20, new Random(1));
        long iova = memory.allocate(1).iova(0);

        memory.close();

        assertThat(transport.memory.isMapped(iova, 1, false)).isFalse();
    }

    @Test
    void usingItUpSaysSo() {
        try (SystemMemory memory = new SystemMemory(transport, 1L << 20, new Random(1))) {
            assertThatThrownBy(() -> memory.allocate(2L << 20)).hasMessageContaining("used up");
        }
    }
}
