package dev.nacre.pci;

/**
 * A transfer touched host memory that is not mapped for this function, or not for this kind of access; or bus mastering
 * is off. On a real bus this is a master abort. It carries no stack trace: a guest can cause any number of them.
 */
public final class DmaFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long iova;
    private final long length;
    private final boolean write;

    /**
     * Makes a fault.
     *
     * @param iova first address that could not be reached
     * @param length bytes of the whole transfer
     * @param write whether the function was writing
     */
    public DmaFault(long iova, long length, boolean write) {
        super(null, null, false, false);
        this.iova = iova;
        this.length = length;
        this.write = write;
    }

    @Override
    public String getMessage() {
        return "DMA " + (write ? "write" : "read") + " fault: iova=0x" + Long.toHexString(iova) + " length="
                + Long.toUnsignedString(length);
    }

    /** The first address that could not be reached. */
    public long iova() {
        return iova;
    }

    /** Whether the function was writing. */
    public boolean isWrite() {
        return write;
    }
}
