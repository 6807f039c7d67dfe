package dev.nacre.board;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Accesses leave no garbage: a guest makes a million of them while it boots. */
class BoardAllocationTest {
    // Registers of every kind (constant, stored, computed, hooked, port, unmodelled), config space, and windows.
    private static final int[] ADDRESSES = {
        0x000000, 0x001438, 0x009400, 0x070000, 0x088000, 0x088704, 0x100c10, 0x110008, 0x110114, 0x110118, 0x1101c4,
        0x300000, 0x700010, 0x824148, 0xa00000, 0xb81010, 0xb81600, 0xb81608, 0xb830a0, 0xbb0080, 0xbb0090
    };
    private static final int ROUNDS = 20_000;
    private static final int MOST_TRIES = 50;

    @Test
    void readsAndWritesOfEveryWidthAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bound = (long) ROUNDS * ADDRESSES.length;
        long leastBytes = Long.MAX_VALUE;
        try (BoardRig rig = new BoardRig()) {
            MemorySegment buffer = MemorySegment.ofArray(new byte[16]);
            // Cold code does allocate; how soon it is compiled depends on how busy the machine is.
            for (int i = 0; i < MOST_TRIES && leastBytes >= bound; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                access(rig.board, buffer, ROUNDS);
                leastBytes = Math.min(leastBytes, threads.getCurrentThreadAllocatedBytes() - before);
            }
        }

        // Not one byte per access: what remains is the compiler's, once.
        assertThat(leastBytes).isLessThan(bound);
    }

    private static void access(Board board, MemorySegment buffer, int rounds) {
        for (int i = 0; i < rounds; i++) {
            int count = 1 << (i & 3);
            for (int address : ADDRESSES) {
                board.read(0, address, buffer, 0, count);
                board.write(0, address, buffer, 0, count);
            }
        }
    }
}
