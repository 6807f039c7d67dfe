package dev.nacre.pci;

import java.lang.foreign.MemorySegment;

/**
 * The memory of the host (a VM's RAM) as one function may reach it, by I/O virtual address, checked on every access.
 *
 * <p>The map is an immutable snapshot, swapped whole; readers never lock. {@link #unmap} returns only when no running
 * transfer uses the range any more. Transfers may come from any thread; each is atomic with respect to unmapping only,
 * not to other writers of the memory: both sides see what a bus would show them. Scalars are little-endian.
 */
public final class GuestMemory {
    /** Makes an empty map with bus mastering off. */
    public GuestMemory() {}

    /** Reads 32 bits. @throws DmaFault if the range is not mapped readable */
    public int readInt(long iova) {
        throw new DmaFault(iova, 4, false);
    }

    /** Reads 64 bits. @throws DmaFault if the range is not mapped readable */
    public long readLong(long iova) {
        throw new DmaFault(iova, 8, false);
    }

    /** Writes 32 bits. @throws DmaFault if the range is not mapped writable */
    public void writeInt(long iova, int value) {
        throw new DmaFault(iova, 4, true);
    }

    /** Writes 64 bits. @throws DmaFault if the range is not mapped writable */
    public void writeLong(long iova, long value) {
        throw new DmaFault(iova, 8, true);
    }

    /** Copies from host memory, across adjacent mappings. @throws DmaFault if any byte is not mapped readable */
    public void read(long iova, MemorySegment dst, long dstOffset, long length) {
        throw new DmaFault(iova, length, false);
    }

    /** Copies to host memory, across adjacent mappings. @throws DmaFault if any byte is not mapped writable */
    public void write(long iova, MemorySegment src, long srcOffset, long length) {
        throw new DmaFault(iova, length, true);
    }

    /** Copies within host memory. @throws DmaFault if any byte is not mapped for its access */
    public void copy(long srcIova, long dstIova, long length) {
        throw new DmaFault(srcIova, length, false);
    }

    /**
     * Maps memory.
     *
     * @param iova first address
     * @param memory the memory, as long as its arena lives; its size is the range's
     * @param readable whether the function may read it
     * @param writable whether the function may write it
     */
    public void map(long iova, MemorySegment memory, boolean readable, boolean writable) {
        throw new UnsupportedOperationException();
    }

    /** Unmaps a range that was mapped by exactly one {@link #map}, after waiting for running transfers, bounded. */
    public boolean unmap(long iova, long size) {
        throw new UnsupportedOperationException();
    }

    /** Unmaps everything. */
    public void clear() {}

    /** Allows or forbids all transfers: the function's Bus Master Enable. */
    public void busMaster(boolean enabled) {}
}
