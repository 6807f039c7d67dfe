package dev.nacre.board.mmu;

/**
 * Where a piece of memory lies, or why it cannot be reached: the result of {@link Space#locate}, filled in place so that
 * nothing is allocated. One thread at a time.
 */
public final class Extent {
    private long address;
    private boolean system;
    private boolean sparse;
    private int faultType;

    /** Makes an empty one. */
    public Extent() {}

    /** Physical address in video memory, or bus address. */
    public long address() {
        return address;
    }

    /** Whether it lies in system memory. */
    public boolean isSystem() {
        return system;
    }

    /** Whether there is nothing behind it: reads give zeros, writes are dropped. */
    public boolean isSparse() {
        return sparse;
    }

    /** NV_PFAULT_FAULT_TYPE, if it was not located. */
    public int faultType() {
        return faultType;
    }

    void set(long physicalAddress, boolean inSystem, boolean isSparse) {
        this.address = physicalAddress;
        this.system = inSystem;
        this.sparse = isSparse;
    }

    void fault(int type) {
        this.faultType = type;
    }
}
