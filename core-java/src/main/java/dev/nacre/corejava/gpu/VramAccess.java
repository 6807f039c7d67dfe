package dev.nacre.corejava.gpu;

import java.lang.foreign.MemorySegment;

/** The GPU's memory by physical address. Any thread. */
public interface VramAccess {
    /** Reads 8 bytes. */
    long readLong(long address);

    /** Writes 8 bytes. */
    void writeLong(long address, long value);

    /** Reads. */
    void read(long address, MemorySegment dst, long dstOffset, int count);

    /** Writes. */
    void write(long address, MemorySegment src, long srcOffset, int count);

    /** Fills with a byte's value. */
    void fill(long address, long bytes, byte value);
}
