package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Little-endian numbers at any offset of a segment. */
public final class Le {
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Le() {}

    /** Reads 16 bits, 0 to 65535. */
    public static int u16(MemorySegment s, long at) {
        return Short.toUnsignedInt(s.get(U16, at));
    }

    /** Writes the low 16 bits. */
    public static void putU16(MemorySegment s, long at, int value) {
        s.set(U16, at, (short) value);
    }

    /** Reads 32 bits; the caller minds the sign. */
    public static int i32(MemorySegment s, long at) {
        return s.get(U32, at);
    }

    /** Reads 32 bits, 0 to 4294967295. */
    public static long u32(MemorySegment s, long at) {
        return Integer.toUnsignedLong(s.get(U32, at));
    }

    /** Writes the low 32 bits. */
    public static void putU32(MemorySegment s, long at, long value) {
        // CAST: the upper half is not on the wire
        s.set(U32, at, (int) value);
    }

    /** Reads 64 bits; the caller minds the sign. */
    public static long u64(MemorySegment s, long at) {
        return s.get(U64, at);
    }

    /** Writes 64 bits. */
    public static void putU64(MemorySegment s, long at, long value) {
        s.set(U64, at, value);
    }
}
