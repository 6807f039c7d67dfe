package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * DMA_UNMAP in both directions: u32 argsz, u32 flags, u64 iova, u64 size.
 *
 * @param argsz what the sender thinks the size of this struct is, unsigned
 * @param flags {@link #ALL} or none
 * @param iova first address
 * @param size bytes
 */
public record DmaUnmap(long argsz, int flags, long iova, long size) {
    /** Bytes on the wire. */
    public static final int SIZE = 24;

    // HW: VFIO_DMA_UNMAP_FLAG_ALL of Linux include/uapi/linux/vfio.h
    /** Unmap everything; address and size are zero. */
    public static final int ALL = 2;

    /** Decodes. */
    public static DmaUnmap read(MemorySegment s, long at) {
        return new DmaUnmap(Le.u32(s, at), Le.i32(s, at + 4), Le.u64(s, at + 8), Le.u64(s, at + 16));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
        Le.putU64(s, at + 8, iova);
        Le.putU64(s, at + 16, size);
    }
}
