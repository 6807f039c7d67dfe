package dev.nacre.board.ce;

import static dev.nacre.board.mmu.MmuFixture.MIB;
import static dev.nacre.board.mmu.MmuFixture.SYSTEM_BASE;

import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.engine.WorkBudget;
import dev.nacre.board.mmu.MmuFixture;
import dev.nacre.board.mmu.PageTables;
import dev.nacre.board.mmu.VirtualSpace;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.reg.Reg;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A copy engine, and a megabyte of virtual memory whose small pages lie in random order in video and system memory. What
 * the memory should hold is kept in {@link #model}.
 */
final class CopyFixture {
    static final long BASE = 0x30_0000_0000L;
    static final int SIZE = (int) MIB;

    final MmuFixture memory = new MmuFixture();
    final VirtualSpace space = memory.space();
    final Semaphores semaphores = new Semaphores(() -> 0x1234_5678_9abcL);
    final List<String> interrupts = new ArrayList<>();
    final CopyEngine engine = new CopyEngine(memory.mmu.memory(), semaphores, () -> interrupts.add("non-stall"));
    final CopyContext context = new CopyContext();
    final WorkBudget budget = new WorkBudget();
    final byte[] model = new byte[SIZE];

    CopyFixture(long seed) {
        Random random = new Random(seed);
        List<Integer> pages = new ArrayList<>();
        for (int i = 0; i < SIZE / 4096; i++) {
            pages.add(i);
        }
        // Runs of four pages stay together, so that some pieces are longer than a page.
        Collections.rotate(pages, random.nextInt(pages.size()));
        for (int i = 0; i < pages.size(); i++) {
            int page = pages.get(i / 4 * 4) + i % 4;
            long offset = (page % pages.size()) * 4096L;
            long entry = i / 4 % 2 == 0 ? PageTables.video(offset) : PageTables.system(SYSTEM_BASE + offset);
            memory.tables.small(BASE + i * 4096L, entry);
        }
        random.nextBytes(model);
        space.write(BASE, MemorySegment.ofArray(model), 0, SIZE);
    }

    CopyFixture set(Reg method, long value) {
        engine.method(context, space, method.offset(), (int) value);
        return this;
    }

    CopyFixture source(long address) {
        return set(Nvc7b5.OFFSET_IN_UPPER, address >>> 32).set(Nvc7b5.OFFSET_IN_LOWER, address);
    }

    CopyFixture destination(long address) {
        return set(Nvc7b5.OFFSET_OUT_UPPER, address >>> 32).set(Nvc7b5.OFFSET_OUT_LOWER, address);
    }

    CopyFixture semaphore(long address, long payload) {
        return set(Nvc7b5.SET_SEMAPHORE_A, address >>> 32)
                .set(Nvc7b5.SET_SEMAPHORE_B, address)
                .set(Nvc7b5.SET_SEMAPHORE_PAYLOAD, payload)
                .set(Nvc7b5.SET_SEMAPHORE_PAYLOAD_UPPER, payload >>> 32);
    }

    /** Launches and runs to the end. */
    void launch(int launch) {
        set(Nvc7b5.LAUNCH_DMA, launch);
        budget.grant(Long.MAX_VALUE / 2);
        if (!engine.run(context, space, budget)) {
            throw new AssertionError("Launch did not end");
        }
    }

    /** The virtual memory as it is. */
    byte[] content() {
        byte[] content = new byte[SIZE];
        space.read(BASE, MemorySegment.ofArray(content), 0, SIZE);
        return content;
    }

    byte[] content(int offset, int length) {
        return java.util.Arrays.copyOfRange(content(), offset, offset + length);
    }
}
