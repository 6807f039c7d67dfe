package dev.nacre.pci;

import dev.nacre.linux.Errno;

/**
 * A transfer touched host memory that is not mapped for this function, or not for this kind of access; or bus mastering
 * is off; or whoever holds the memory has refused. On a real bus this is a master abort. It carries no stack trace: a guest
 * can cause any number of them.
 */
public final class DmaFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long iova;
    private final long length;
    private final boolean write;
    private final int errno;

    /**
     * Makes a fault.
     *
     * @param iova first address that could not be reached
     * @param length bytes of the whole transfer
     * @param write whether the function was writing
     */
    public DmaFault(long iova, long length, boolean write) {
        this(iova, length, write, 0);
    }

    /**
     * Makes a fault that whoever holds the memory has reported.
     *
     * @param iova first address that could not be reached
     * @param length bytes of the whole transfer
     * @param write whether the function was writing
     * @param errno its error number
     */
    public DmaFault(long iova, long length, boolean write, int errno) {
        super(null, null, false, false);
        this.iova = iova;
        this.length = length;
        this.write = write;
        this.errno = errno;
    }

    @Override
    public String getMessage() {
        return "DMA " + (write ? "write" : "read") + " fault: iova=0x" + Long.toHexString(iova) + " length="
                + Long.toUnsignedString(length) + (errno == 0 ? "" : " " + Errno.nameOf(errno));
    }

    /** The first address that could not be reached. */
    public long iova() {
        return iova;
    }

    /** Whether the function was writing. */
    public boolean isWrite() {
        return write;
    }

    /** The error number from whoever holds the memory; 0 if the fault was found here, without asking. */
    public int errno() {
        return errno;
    }
}
