package dev.nacre.corejava.mem;

import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.regs.VfMmu;

/** The GPU's caches of translations. Any thread; one request at a time. */
public final class Tlb {
    // HW: the registers take an address in 256 bytes, 32 bits in the first
    private static final int PDB_SHIFT = 8;

    // TIMEOUT: drivers allow 2 s; a software GPU on a busy host may take longer.
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final Registers registers;

    /** The caches of a GPU. */
    public Tlb(Registers registers) {
        this.registers = registers;
    }

    /** Has the GPU forget translations of a page directory in its memory; when this returns, it has. */
    public synchronized void invalidate(long pageDirectory) {
        registers.write(VfMmu.INVALIDATE_PDB, (int) (pageDirectory >>> PDB_SHIFT));
        registers.write(VfMmu.INVALIDATE_UPPER_PDB, (int) (pageDirectory >>> (PDB_SHIFT + Integer.SIZE)));
        registers.write(VfMmu.INVALIDATE, VfMmu.INVALIDATE_TRIGGER.mask() | VfMmu.INVALIDATE_ALL_VA.mask());
        registers.await(VfMmu.INVALIDATE_TRIGGER, false, PATIENCE_NS);
    }
}
