package dev.nacre.corejava.gpu;

import java.lang.foreign.MemorySegment;

/** A window of the GPU. Any thread. */
public interface BarAccess {
    /** Its size. */
    long bytes();

    /** Reads. */
    void read(long offset, MemorySegment dst, long dstOffset, int count);

    /** Writes. */
    void write(long offset, MemorySegment src, long srcOffset, int count);
}
