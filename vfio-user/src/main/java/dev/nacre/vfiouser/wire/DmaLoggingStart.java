package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * Fixed part of the data of the feature DMA_LOGGING_START: u64 page_size, u32 num_ranges, u32 reserved; then so many
 * {@link DmaLoggingRange}s.
 *
 * @param pageSize wanted page size in bytes
 * @param ranges number of ranges, 0 for all memory, unsigned
 */
public record DmaLoggingStart(long pageSize, long ranges) {
    /** Bytes of the fixed part. */
    public static final int SIZE = 16;

    /** Decodes. */
    public static DmaLoggingStart read(MemorySegment s, long at) {
        return new DmaLoggingStart(Le.u64(s, at), Le.u32(s, at + 8));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU64(s, at, pageSize);
        Le.putU32(s, at + 8, ranges);
        Le.putU32(s, at + 12, 0);
    }
}
