package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/** Fixed part of REGION_READ and REGION_WRITE, in both directions: u64 offset, u32 region, u32 count; then the data. */
public final class RegionAccess {
    /** Bytes of the fixed part. */
    public static final int SIZE = 16;

    private RegionAccess() {}

    /** First byte in the region, unsigned. */
    public static long offset(MemorySegment s, long at) {
        return Le.u64(s, at);
    }

    /** Index of the region; the caller minds the sign. */
    public static int region(MemorySegment s, long at) {
        return Le.i32(s, at + 8);
    }

    /** Bytes of data, 0 to 4294967295. */
    public static long count(MemorySegment s, long at) {
        return Le.u32(s, at + 12);
    }

    /** Writes the fixed part. */
    public static void put(MemorySegment s, long at, long offset, int region, int count) {
        Le.putU64(s, at, offset);
        Le.putU32(s, at + 8, region);
        Le.putU32(s, at + 12, count);
    }
}
