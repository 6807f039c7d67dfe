package dev.nacre.board.ce;

import static dev.nacre.board.ce.CopyFixture.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.engine.WorkBudget;
import dev.nacre.board.fb.VramStore;
import dev.nacre.board.mmu.PhysicalMemory;
import dev.nacre.board.mmu.PhysicalSpace;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.reg.Reg;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Launches that write nothing but zeros: the same as any other fill, but for the memory that they give back. */
class ZeroFillTest {
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;
    private static final int PAGE = 4096;

    /** Pitch to pitch, many lines, remapped. */
    private static final int FILL = 2 | 0x180 | 0x200 | 0x400;

    private static final int PHYSICAL_DESTINATION = 0x2000;
    private static final int RELEASE_FOUR_BYTES = 8;

    /** Component X is constant A, and there is no other; its size is in bits 17:16. */
    private static final int CONST_A = 4;

    @Test
    void randomFillsWriteWhatTheyShould() {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 60; round++) {
            CopyFixture fixture = new CopyFixture(round);
            int size = random.nextInt(4);
            // Bits above the component's size do not matter.
            int constant = size < 3 ? 0x100 << (8 * size) : 0;
            int elements = random.nextInt(1, 9000);
            int bytes = elements * (size + 1);
            int lines = random.nextInt(1, 20);
            int pitch = random.nextInt(3) == 0 ? bytes : bytes + random.nextInt(200);
            int start = random.nextInt(4000);
            fixture.set(Nvc7b5.SET_REMAP_CONST_A, constant).set(Nvc7b5.SET_REMAP_COMPONENTS, CONST_A | size << 16);
            fixture.set(Nvc7b5.LINE_LENGTH_IN, elements)
                    .set(Nvc7b5.LINE_COUNT, lines)
                    .set(Nvc7b5.PITCH_OUT, pitch);
            byte[] expected = fixture.model.clone();
            for (int line = 0; line < lines; line++) {
                Arrays.fill(expected, start + line * pitch, start + line * pitch + bytes, (byte) 0);
            }

            fixture.destination(BASE + start).launch(FILL);

            assertThat(fixture.content()).as("round=%d", round).isEqualTo(expected);
            assertThat(fixture.engine.bytes()).isEqualTo((long) bytes * lines);
        }
    }

    @Test
    void linesBackwardsAreCleared() {
        CopyFixture fixture = new CopyFixture(3);
        fixture.set(Nvc7b5.SET_REMAP_COMPONENTS, CONST_A);
        fixture.set(Nvc7b5.LINE_LENGTH_IN, 50).set(Nvc7b5.LINE_COUNT, 3).set(Nvc7b5.PITCH_OUT, -100);
        byte[] expected = fixture.model.clone();
        for (int start : new int[] {500, 400, 300}) {
            Arrays.fill(expected, start, start + 50, (byte) 0);
        }

        fixture.destination(BASE + 500).launch(FILL);

        assertThat(fixture.content()).isEqualTo(expected);
    }

    @Test
    void twoGibibytesAreGivenBackAndWhatLiesAroundStays() {
        try (Board board = new Board(4 * GIB)) {
            long start = 64 * MIB + 100;
            long end = start + 2 * GIB;
            board.touch(start, end);
            board.store.vram().writeLong(start - 8, 0x1111);
            board.store.vram().writeLong(end, 0x2222);

            int pieces = board.clear(start, 1 << 19, 1024, end + 64);

            assertThat(board.store.nextInUse(start - start % PAGE + PAGE).orElseThrow())
                    .isEqualTo(end - end % PAGE);
            assertThat(board.store.vram().readLong(start - 8)).isEqualTo(0x1111);
            assertThat(board.store.vram().readLong(start)).isZero();
            assertThat(board.store.vram().readLong(end - 8)).isZero();
            assertThat(board.store.vram().readLong(end)).isEqualTo(0x2222);
            assertThat(board.store.vram().readInt(end + 64)).isEqualTo(7);
            assertThat(pieces).isGreaterThan(100);
        }
    }

    @Test
    void clearedMemoryIsUsableThroughTheSameMapping() {
        try (Board board = new Board(GIB)) {
            board.touch(0, 64 * MIB);
            board.clear(0, 1 << 20, 64 / 4, 512 * MIB);

            board.store.vram().writeLong(5 * MIB, 42);

            assertThat(board.store.nextInUse(0).orElseThrow()).isEqualTo(5 * MIB);
            assertThat(board.store.vram().readLong(5 * MIB)).isEqualTo(42);
        }
    }

    /** A copy engine on memory that can be given back. */
    private static final class Board implements AutoCloseable {
        final VramStore store;
        private final CopyEngine engine;
        private final PhysicalSpace space;
        private final CopyContext context = new CopyContext();

        Board(long bytes) {
            store = new VramStore(bytes);
            PhysicalMemory memory = new PhysicalMemory(store.vram(), new GuestMemory());
            engine = new CopyEngine(memory, new Semaphores(() -> 0), () -> {});
            space = new PhysicalSpace(memory, false);
        }

        /** Uses some of the pages of a range. */
        void touch(long from, long to) {
            byte[] page = new byte[PAGE];
            Arrays.fill(page, (byte) 0x77);
            for (long at = from; at < Math.min(to, from + 16 * MIB); at += PAGE) {
                MemorySegment.copy(MemorySegment.ofArray(page), 0, store.vram().segment(), at, PAGE);
            }
            for (long at = from; at < to; at += MIB) {
                store.vram().writeLong(at, -1);
            }
        }

        /** Clears elements of 4 bytes in lines without gaps, and releases 7; says in how many pieces. */
        int clear(long at, int elements, int lines, long semaphore) {
            int bytes = 4 * elements;
            set(Nvc7b5.SET_REMAP_COMPONENTS, CONST_A | 3 << 16);
            set(Nvc7b5.OFFSET_OUT_UPPER, at >>> 32);
            set(Nvc7b5.OFFSET_OUT_LOWER, at);
            set(Nvc7b5.LINE_LENGTH_IN, elements);
            set(Nvc7b5.LINE_COUNT, lines);
            set(Nvc7b5.PITCH_OUT, bytes);
            set(Nvc7b5.SET_SEMAPHORE_A, semaphore >>> 32);
            set(Nvc7b5.SET_SEMAPHORE_B, semaphore);
            set(Nvc7b5.SET_SEMAPHORE_PAYLOAD, 7);
            set(Nvc7b5.LAUNCH_DMA, FILL | PHYSICAL_DESTINATION | RELEASE_FOUR_BYTES);
            WorkBudget budget = new WorkBudget();
            int pieces = 0;
            do {
                assertThat(store.vram().readInt(semaphore)).isNotEqualTo(7);
                budget.grant(1);
                pieces++;
            } while (!engine.run(context, space, budget));
            assertThat(engine.bytes()).isEqualTo((long) bytes * lines);
            return pieces;
        }

        private void set(Reg method, long value) {
            engine.method(context, space, method.offset(), (int) value);
        }

        @Override
        public void close() {
            store.close();
        }
    }
}
