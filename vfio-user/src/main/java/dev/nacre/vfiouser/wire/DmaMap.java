package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * DMA_MAP's request: u32 argsz, u32 flags, u64 offset, u64 iova, u64 size. The file, if any, comes beside it.
 *
 * @param argsz what the sender thinks the size of this struct is, unsigned
 * @param flags {@link #READABLE} and {@link #WRITABLE}
 * @param offset of the range in the file
 * @param iova first address
 * @param size bytes
 */
public record DmaMap(long argsz, int flags, long offset, long iova, long size) {
    /** Bytes on the wire. */
    public static final int SIZE = 32;

    // HW: the vfio-user specification, "VFIO_USER_DMA_MAP"
    /** The device may read the range. */
    public static final int READABLE = 1;
    /** The device may write the range. */
    public static final int WRITABLE = 2;

    /** Decodes. */
    public static DmaMap read(MemorySegment s, long at) {
        return new DmaMap(Le.u32(s, at), Le.i32(s, at + 4), Le.u64(s, at + 8), Le.u64(s, at + 16), Le.u64(s, at + 24));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
        Le.putU64(s, at + 8, offset);
        Le.putU64(s, at + 16, iova);
        Le.putU64(s, at + 24, size);
    }
}
