package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * A capability behind {@link RegionInfo}: the areas of a region that can be mapped. A capability starts with u16 id, u16
 * version, u32 offset of the next one from the start of the struct (0 after the last); this one goes on with u32
 * nr_areas, u32 reserved, and so many pairs of u64 offset, u64 size.
 */
public final class SparseMmap {
    /** Bytes that every capability starts with. */
    public static final int CAP_SIZE = 8;

    /** Bytes before the first area. */
    public static final int SIZE = 16;

    /** Bytes of an area. */
    public static final int AREA_SIZE = 16;

    // HW: VFIO_REGION_INFO_CAP_SPARSE_MMAP of Linux include/uapi/linux/vfio.h
    /** Id of this capability. */
    public static final int ID = 1;
    /** Version of it. */
    public static final int VERSION = 1;

    private SparseMmap() {}

    /** The id of any capability. */
    public static int id(MemorySegment s, long at) {
        return Le.u16(s, at);
    }

    /** Where the capability after any capability starts; 0 if there is none. */
    public static long next(MemorySegment s, long at) {
        return Le.u32(s, at + 4);
    }

    /** Number of areas, 0 to 4294967295. */
    public static long areas(MemorySegment s, long at) {
        return Le.u32(s, at + CAP_SIZE);
    }

    /** First byte of an area in its region. */
    public static long offset(MemorySegment s, long at, int area) {
        return Le.u64(s, at + SIZE + (long) area * AREA_SIZE);
    }

    /** Bytes of an area. */
    public static long size(MemorySegment s, long at, int area) {
        return Le.u64(s, at + SIZE + (long) area * AREA_SIZE + 8);
    }

    /** Writes all before the areas, as the only capability. */
    public static void put(MemorySegment s, long at, int areas) {
        Le.putU16(s, at, ID);
        Le.putU16(s, at + 2, VERSION);
        Le.putU32(s, at + 4, 0);
        Le.putU32(s, at + 8, areas);
        Le.putU32(s, at + 12, 0);
    }

    /** Writes an area. */
    public static void putArea(MemorySegment s, long at, int area, long offset, long size) {
        Le.putU64(s, at + SIZE + (long) area * AREA_SIZE, offset);
        Le.putU64(s, at + SIZE + (long) area * AREA_SIZE + 8, size);
    }
}
