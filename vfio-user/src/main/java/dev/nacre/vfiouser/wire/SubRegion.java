package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * An entry of DEVICE_GET_REGION_IO_FDS' reply, behind {@link IndexedInfo}: u64 offset, u64 size, u32 fd_index, u32 type, u32
 * flags, u32 padding, u64 datamatch.
 *
 * @param offset of the first byte in the region
 * @param size bytes
 * @param fdIndex which of the message's descriptors; {@link #NO_FD} for none
 * @param type {@link #IOEVENTFD} or one that we do not know
 * @param flags as KVM's for an ioeventfd
 * @param datamatch the value that counts, if the flags say so
 */
public record SubRegion(long offset, long size, int fdIndex, int type, int flags, long datamatch) {
    /** Bytes on the wire. */
    public static final int SIZE = 40;

    // HW: the vfio-user specification, "VFIO_USER_DEVICE_GET_REGION_IO_FDS"
    /** A write signals an eventfd. */
    public static final int IOEVENTFD = 0;
    /** There is no descriptor. */
    public static final int NO_FD = -1;

    /** Decodes. */
    public static SubRegion read(MemorySegment s, long at) {
        return new SubRegion(
                Le.u64(s, at),
                Le.u64(s, at + 8),
                Le.i32(s, at + 16),
                Le.i32(s, at + 20),
                Le.i32(s, at + 24),
                Le.u64(s, at + 32));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU64(s, at, offset);
        Le.putU64(s, at + 8, size);
        Le.putU32(s, at + 16, fdIndex);
        Le.putU32(s, at + 20, type);
        Le.putU32(s, at + 24, flags);
        Le.putU32(s, at + 28, 0);
        Le.putU64(s, at + 32, datamatch);
    }
}
