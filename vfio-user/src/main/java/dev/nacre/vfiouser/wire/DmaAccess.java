package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/** Fixed part of DMA_READ and DMA_WRITE, in both directions: u64 address, u64 count; then the data. */
public final class DmaAccess {
    /** Bytes of the fixed part. HW: the specification's table gives count 4 bytes, every implementation 8. */
    public static final int SIZE = 16;

    private DmaAccess() {}

    /** First address, unsigned. */
    public static long address(MemorySegment s, long at) {
        return Le.u64(s, at);
    }

    /** Bytes of data, unsigned. */
    public static long count(MemorySegment s, long at) {
        return Le.u64(s, at + 8);
    }

    /** Writes the fixed part. */
    public static void put(MemorySegment s, long at, long address, long count) {
        Le.putU64(s, at, address);
        Le.putU64(s, at + 8, count);
    }
}
