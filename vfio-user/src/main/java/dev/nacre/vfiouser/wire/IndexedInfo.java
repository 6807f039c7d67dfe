package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * DEVICE_GET_IRQ_INFO and the fixed part of DEVICE_GET_REGION_IO_FDS, both in both directions: u32 argsz, u32 flags, u32
 * index, u32 count.
 *
 * @param argsz size of the struct that the sender takes or fills, unsigned
 * @param flags of an interrupt kind, or 0
 * @param index which interrupt kind or region
 * @param count number of vectors or of descriptors
 */
public record IndexedInfo(long argsz, int flags, int index, int count) {
    /** Bytes on the wire. */
    public static final int SIZE = 16;

    /** Decodes. */
    public static IndexedInfo read(MemorySegment s, long at) {
        return new IndexedInfo(Le.u32(s, at), Le.i32(s, at + 4), Le.i32(s, at + 8), Le.i32(s, at + 12));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
        Le.putU32(s, at + 8, index);
        Le.putU32(s, at + 12, count);
    }
}
