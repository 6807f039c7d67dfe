package dev.nacre.board.disp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.disp.DisplayMemory.ContextDma;
import dev.nacre.board.fb.Vram;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handles, and the bounds of what they open. */
class DisplayMemoryTest {
    private static final int HANDLE = 0xf000_0001;
    private static final int CHANNEL = 3;

    private final Vram vram = new Vram(MemorySegment.ofArray(new long[0x20000 / 8]));
    private final DisplayMemory memory = new DisplayMemory(vram, new GuestMemory());

    @BeforeEach
    void instance() {
        memory.instance(0x10000, 0x10000, false);
    }

    private void enter(int entry, int object, int... words) {
        vram.writeInt(0x10000 + 8L * entry, HANDLE);
        vram.writeInt(0x10000 + 8L * entry + 4, CHANNEL << 25 | object << 9 | 0x15);
        for (int i = 0; i < words.length; i++) {
            vram.writeInt(0x10000 + object + 4L * i, words[i]);
        }
    }

    @Test
    void entryAnywhereInTheTableIsFound() {
        enter(1023, 0xffe0, 5, 0x10, 0, 0x1f, 0);

        assertThat(memory.contextDma(HANDLE, CHANNEL)).contains(new ContextDma(0x1000, 0x1000, false, true, false));
    }

    @Test
    void handleAndChannelMustBothFit() {
        enter(0, 0x2000, 5, 0x10, 0, 0x1f, 0);

        assertThat(memory.contextDma(HANDLE, CHANNEL + 1)).isEmpty();
        assertThat(memory.contextDma(HANDLE + 1, CHANNEL)).isEmpty();
        assertThat(memory.contextDma(0, 0)).isEmpty();
    }

    @Test
    void highWordsAndKindCount() {
        enter(0, 0x2000, 0x10_0007, 0xffff_ff00, 1, 0, 2);

        ContextDma dma = memory.contextDma(HANDLE, CHANNEL).orElseThrow();

        assertThat(dma.address()).isEqualTo(0x1ff_ffff_0000L);
        assertThat(dma.sizeBytes()).isEqualTo(0x1_0100L);
        assertThat(dma.system()).isTrue();
        assertThat(dma.blockLinear()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0x4, 0x10, 0x1f", "0x5, 0x20, 0x1f"})
    void objectsWithoutTargetOrExtentAreNotUsed(String flags, String start, String limit) {
        enter(0, 0x2000, Integer.decode(flags), Integer.decode(start), 0, Integer.decode(limit), 0);

        assertThat(memory.contextDma(HANDLE, CHANNEL)).isEmpty();
    }

    @Test
    void objectBeyondTheInstanceMemoryIsNotUsed() {
        memory.instance(0x10000, 0x2000, false);
        enter(0, 0x2000, 5, 0x10, 0, 0x1f, 0);

        assertThat(memory.contextDma(HANDLE, CHANNEL)).isEmpty();
    }

    @Test
    void instanceMemoryThatIsNowhereHoldsNothing() {
        memory.instance(-4096, Long.MAX_VALUE, false);
        assertThat(memory.contextDma(HANDLE, CHANNEL)).isEmpty();
        memory.instance(0x1234_0000, 0x10000, true);
        assertThat(memory.contextDma(HANDLE, CHANNEL)).isEmpty();
    }

    @Test
    void writesStayInsideAndNeedPermission() {
        ContextDma window = new ContextDma(0x1000, 0x100, false, true, false);

        memory.write(window, 0xfc, 1);
        memory.write(window, 0xfe, 2);
        memory.write(window, -4, 3);
        memory.write(window, Long.MAX_VALUE, 4);
        memory.write(new ContextDma(0x1000, 0x100, false, false, false), 0, 5);

        assertThat(vram.readInt(0x10fc)).isEqualTo(1);
        assertThat(vram.readInt(0x1100)).isZero();
        assertThat(vram.readInt(0xffc)).isZero();
        assertThat(vram.readInt(0x1000)).isZero();
    }

    @Test
    void readsOutsideAreEmpty() {
        ContextDma window = new ContextDma(0x1f000, 0x10000, false, true, false);

        assertThat(memory.read(window, 0)).contains(0);
        assertThat(memory.read(window, 0xfffe)).isEmpty();
        assertThat(memory.read(window, 0x1000)).isEmpty();
        assertThat(memory.read(new ContextDma(0, 0x1000, true, true, false), 0)).isEmpty();
    }
}
