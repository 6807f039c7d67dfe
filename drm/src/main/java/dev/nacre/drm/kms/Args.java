package dev.nacre.drm.kms;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads and writes fields of structures of the uAPI. */
final class Args {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Args() {}

    static MemorySegment of(int bytes) {
        return MemorySegment.ofArray(new byte[bytes]);
    }

    static int u16(MemorySegment from, long at) {
        return Short.toUnsignedInt(from.get(SHORT, at));
    }

    static int i32(MemorySegment from, long at) {
        return from.get(INT, at);
    }

    static long u32(MemorySegment from, long at) {
        return Integer.toUnsignedLong(from.get(INT, at));
    }

    static long i64(MemorySegment from, long at) {
        return from.get(LONG, at);
    }

    static void put16(MemorySegment to, long at, int value) {
        to.set(SHORT, at, (short) value);
    }

    static void put32(MemorySegment to, long at, long value) {
        to.set(INT, at, (int) value);
    }

    static void put64(MemorySegment to, long at, long value) {
        to.set(LONG, at, value);
    }

    /** Text, cut to what fits with a NUL behind. */
    static void putText(MemorySegment to, long at, String text, int bytes) {
        byte[] letters = text.getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(MemorySegment.ofArray(letters), 0, to, at, Math.min(letters.length, bytes - 1));
    }
}
