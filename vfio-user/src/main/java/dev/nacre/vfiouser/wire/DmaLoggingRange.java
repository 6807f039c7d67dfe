package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * A range of DMA_LOGGING_START: u64 iova, u64 length.
 *
 * @param iova first address
 * @param length bytes, unsigned
 */
public record DmaLoggingRange(long iova, long length) {
    /** Bytes on the wire. */
    public static final int SIZE = 16;

    /** Decodes. */
    public static DmaLoggingRange read(MemorySegment s, long at) {
        return new DmaLoggingRange(Le.u64(s, at), Le.u64(s, at + 8));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU64(s, at, iova);
        Le.putU64(s, at + 8, length);
    }

    /** The last address. */
    public long last() {
        return iova + length - 1;
    }

    /** Whether there are no bytes in it, or it goes on from the last address to address 0. */
    public boolean isEmptyOrWraps() {
        return length == 0 || Long.compareUnsigned(last(), iova) < 0;
    }
}
