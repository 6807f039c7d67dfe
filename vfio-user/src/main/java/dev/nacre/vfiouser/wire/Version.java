package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/** Fixed part of VERSION, in both directions: u16 major, u16 minor; then JSON with a terminating zero. */
public final class Version {
    /** Bytes of the fixed part. */
    public static final int SIZE = 4;

    private Version() {}

    /** The major version. */
    public static int major(MemorySegment s, long at) {
        return Le.u16(s, at);
    }

    /** The minor version. */
    public static int minor(MemorySegment s, long at) {
        return Le.u16(s, at + 2);
    }

    /** Writes the fixed part. */
    public static void put(MemorySegment s, long at, int major, int minor) {
        Le.putU16(s, at, major);
        Le.putU16(s, at + 2, minor);
    }
}
