package dev.nacre.pci;

import java.lang.foreign.MemorySegment;

/**
 * Host memory that cannot be mapped here, and must be asked for piece by piece, such as that of a client which did not
 * share it. Called by any thread that makes a transfer, several at once. A call may wait for the host, so it is bounded in
 * time by the implementation.
 */
public interface RemoteMemory {
    /**
     * Reads.
     *
     * @param iova first address; the range lies in what was mapped
     * @param dst receives the bytes; may belong to the calling thread alone
     * @param dstOffset where in it
     * @param length bytes, 1 or more
     * @throws DmaFault if it fails, or the memory has been unmapped
     */
    void read(long iova, MemorySegment dst, long dstOffset, long length);

    /**
     * Writes.
     *
     * @param iova first address; the range lies in what was mapped
     * @param src holds the bytes; may belong to the calling thread alone
     * @param srcOffset where in it
     * @param length bytes, 1 or more
     * @throws DmaFault if it fails, or the memory has been unmapped
     */
    void write(long iova, MemorySegment src, long srcOffset, long length);
}
