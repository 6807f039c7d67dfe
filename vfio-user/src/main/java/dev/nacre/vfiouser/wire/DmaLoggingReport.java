package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * Fixed part of the data of the feature DMA_LOGGING_REPORT, in both directions: u64 iova, u64 length, u64 page_size; in
 * the reply, a bit per page counted from the range's start follows, in words of 64 bits.
 *
 * @param range whose pages
 * @param pageSize bytes per bit
 */
public record DmaLoggingReport(DmaLoggingRange range, long pageSize) {
    /** Bytes of the fixed part. */
    public static final int SIZE = 24;

    /** Decodes. */
    public static DmaLoggingReport read(MemorySegment s, long at) {
        return new DmaLoggingReport(DmaLoggingRange.read(s, at), Le.u64(s, at + 16));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        range.write(s, at);
        Le.putU64(s, at + 16, pageSize);
    }

    /** Bytes of the bitmap, for a range that is not empty and a page size that is a power of two. */
    public long bitmapBytes() {
        long lastBit = (range.length() - 1) >>> Long.numberOfTrailingZeros(pageSize);
        return ((lastBit >>> 6) + 1) * Long.BYTES;
    }
}
