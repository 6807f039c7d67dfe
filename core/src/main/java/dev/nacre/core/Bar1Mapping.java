package dev.nacre.core;

import java.lang.foreign.MemorySegment;

/** A part of a GPU's memory that the host reaches. Offsets count from the part's first byte. */
public interface Bar1Mapping extends AutoCloseable {
    /** Where it begins in BAR 1. */
    long bar1Offset();

    /** Its size. */
    long bytes();

    /**
     * Reads.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the bytes do not lie in the part
     */
    void read(long offset, MemorySegment dst, long dstOffset, int count);

    /**
     * Writes. What the GPU is told afterwards finds the bytes there.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the bytes do not lie in the part
     */
    void write(long offset, MemorySegment src, long srcOffset, int count);

    /** Takes it back. Idempotent. */
    @Override
    void close();
}
