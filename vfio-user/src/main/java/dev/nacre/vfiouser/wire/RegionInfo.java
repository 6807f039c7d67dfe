package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * DEVICE_GET_REGION_INFO in both directions: u32 argsz, u32 flags, u32 index, u32 cap_offset, u64 size, u64 offset.
 *
 * @param argsz size of the struct that the sender takes or fills, unsigned
 * @param flags {@link #READ}, {@link #WRITE}, {@link #MMAP} and {@link #CAPS}
 * @param index which region
 * @param capOffset where capabilities start; 0 if there are none
 * @param size bytes of the region
 * @param offset where the region starts in the descriptor for mapping it
 */
public record RegionInfo(long argsz, int flags, int index, int capOffset, long size, long offset) {
    /** Bytes on the wire. */
    public static final int SIZE = 32;

    // HW: VFIO_REGION_INFO_FLAG_* of Linux include/uapi/linux/vfio.h
    /** The region can be read. */
    public static final int READ = 1;
    /** The region can be written. */
    public static final int WRITE = 2;
    /** The region can be mapped. */
    public static final int MMAP = 4;
    /** Capabilities follow. */
    public static final int CAPS = 8;

    /** Decodes. */
    public static RegionInfo read(MemorySegment s, long at) {
        return new RegionInfo(
                Le.u32(s, at),
                Le.i32(s, at + 4),
                Le.i32(s, at + 8),
                Le.i32(s, at + 12),
                Le.u64(s, at + 16),
                Le.u64(s, at + 24));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
        Le.putU32(s, at + 8, index);
        Le.putU32(s, at + 12, capOffset);
        Le.putU64(s, at + 16, size);
        Le.putU64(s, at + 24, offset);
    }
}
