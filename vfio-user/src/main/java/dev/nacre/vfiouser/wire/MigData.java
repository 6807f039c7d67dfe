package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * Fixed part of MIG_DATA_READ in both directions, and of MIG_DATA_WRITE's request: u32 argsz, u32 size; then, in
 * MIG_DATA_READ's reply and MIG_DATA_WRITE's request, the data.
 */
public final class MigData {
    /** Bytes of the fixed part. */
    public static final int SIZE = 8;

    private MigData() {}

    /** Bytes of this and the data that the sender takes or fills, 0 to 4294967295. */
    public static long argsz(MemorySegment s, long at) {
        return Le.u32(s, at);
    }

    /** Bytes of data that are asked for or follow, 0 to 4294967295. */
    public static long size(MemorySegment s, long at) {
        return Le.u32(s, at + 4);
    }

    /** Writes the fixed part. */
    public static void put(MemorySegment s, long at, int size) {
        Le.putU32(s, at, SIZE + (long) size);
        Le.putU32(s, at + 4, size);
    }
}
