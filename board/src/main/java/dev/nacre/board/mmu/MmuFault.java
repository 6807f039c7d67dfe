package dev.nacre.board.mmu;

/**
 * An access of an engine could not be translated, or what it was translated to could not be reached. Never leaves the
 * board's engines. It carries no stack trace: a guest can cause any number of them.
 */
public final class MmuFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long address;
    private final int type;

    /**
     * Makes a fault.
     *
     * @param address address in the space that was used
     * @param type NV_PFAULT_FAULT_TYPE
     */
    public MmuFault(long address, int type) {
        super("Fault: address=0x" + Long.toHexString(address) + " type=" + type, null, false, false);
        this.address = address;
        this.type = type;
    }

    /** Address in the space that was used. */
    public long address() {
        return address;
    }

    /** NV_PFAULT_FAULT_TYPE. */
    public int type() {
        return type;
    }
}
