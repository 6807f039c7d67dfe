package dev.nacre.board.fb;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VramTest {
    private static final int MIB = 1 << 20;
    private static final int PAGE = Vram.PAGE_BYTES;

    private final MemorySegment memory =
            MemorySegment.ofArray(new byte[4 * MIB]).fill((byte) 0x5a);
    private final List<String> discarded = new ArrayList<>();
    private final Vram vram = new Vram(memory, (offset, length) -> {
        discarded.add(offset + "+" + length);
        memory.asSlice(offset, length).fill((byte) 0);
    });

    @Test
    void wholePagesOfALongRangeAreGivenBackAndTheRestIsWritten() {
        vram.clear(100, 2 * MIB);

        assertThat(discarded).containsExactly(PAGE + "+" + (2 * MIB - PAGE));
        assertCleared(100, 2 * MIB);
    }

    @Test
    void shortRangeIsWritten() {
        vram.clear(3 * MIB + 7, MIB - 7);

        assertThat(discarded).isEmpty();
        assertCleared(3 * MIB + 7, MIB - 7);
    }

    @Test
    void rangeInsideAPageIsWritten() {
        vram.clear(PAGE + 1, 3);

        assertThat(discarded).isEmpty();
        assertCleared(PAGE + 1, 3);
    }

    @Test
    void allOfItMayBeCleared() {
        vram.clear(0, 4 * MIB);

        assertThat(discarded).containsExactly("0+" + 4 * MIB);
        assertCleared(0, 4 * MIB);
    }

    @Test
    void memoryThatCannotBeGivenBackIsWritten() {
        new Vram(memory).clear(PAGE - 1, 2 * MIB + 2);

        assertThat(discarded).isEmpty();
        assertCleared(PAGE - 1, 2 * MIB + 2);
    }

    private void assertCleared(long address, long length) {
        MemorySegment expected = MemorySegment.ofArray(new byte[4 * MIB]).fill((byte) 0x5a);
        expected.asSlice(address, length).fill((byte) 0);
        assertThat(memory.mismatch(expected)).isEqualTo(-1);
    }
}
