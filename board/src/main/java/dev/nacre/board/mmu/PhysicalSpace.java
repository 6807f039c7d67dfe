package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.FaultType;

/** Video or system memory by physical address. */
public final class PhysicalSpace extends Space {
    private final boolean system;
    private final long videoBytes;

    /**
     * Makes one.
     *
     * @param system whether addresses are those of system memory
     */
    public PhysicalSpace(PhysicalMemory memory, boolean system) {
        super(memory);
        this.system = system;
        this.videoBytes = memory.videoBytes();
    }

    @Override
    public long locate(long address, long length, Access access, Extent out) {
        if (address < 0 || (!system && address >= videoBytes)) {
            out.fault(FaultType.REGION_VIOLATION);
            return 0;
        }
        out.set(address, system, false);
        return Math.min(length, (system ? Long.MAX_VALUE : videoBytes) - address);
    }
}
