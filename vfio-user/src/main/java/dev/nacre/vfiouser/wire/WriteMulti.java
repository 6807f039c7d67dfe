package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * REGION_WRITE_MULTI's request: u64 wr_cnt, then so many entries of u64 offset, u32 region, u32 count, 8 bytes of data.
 * The reply is u64 wr_cnt.
 */
public final class WriteMulti {
    /** Bytes before the first entry, and of the reply. */
    public static final int SIZE = 8;

    /** Bytes of an entry. */
    public static final int ENTRY_SIZE = 24;

    /** Most bytes that one entry writes. */
    public static final int MAX_COUNT = 8;

    /** Where an entry's data are, from its start. */
    public static final int DATA = RegionAccess.SIZE;

    private WriteMulti() {}

    /** Number of entries, unsigned. An entry starts as a {@link RegionAccess} does. */
    public static long entries(MemorySegment s, long at) {
        return Le.u64(s, at);
    }

    /** Writes the number of entries. */
    public static void putEntries(MemorySegment s, long at, long entries) {
        Le.putU64(s, at, entries);
    }
}
