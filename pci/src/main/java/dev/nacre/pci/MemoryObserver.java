package dev.nacre.pci;

import java.lang.foreign.MemorySegment;

/**
 * Sees what a function reads from and writes to its host's memory, for recordings. Called after each transfer, or each
 * piece of a long one, on the thread that makes it, possibly by several threads at once.
 */
public interface MemoryObserver {
    /**
     * The function has read memory.
     *
     * @param iova first address
     * @param bytes what it read; valid during the call
     */
    void read(long iova, MemorySegment bytes);

    /**
     * The function has written memory.
     *
     * @param iova first address
     * @param bytes what it wrote; valid during the call
     */
    void wrote(long iova, MemorySegment bytes);
}
