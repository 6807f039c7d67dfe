package dev.nacre.coretck;

import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.MemoryObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/** Data for tests, and the ways of it in and out of a GPU's memory. */
final class Bytes {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Bytes() {}

    /** The same bytes for the same seed. */
    static byte[] random(long seed, int count) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static byte[] ofWords(int... words) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[words.length * Integer.BYTES]);
        for (int i = 0; i < words.length; i++) {
            bytes.set(INT, (long) i * Integer.BYTES, words[i]);
        }
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    static void write(Bar1Mapping mapping, long offset, byte[] bytes) {
        mapping.write(offset, MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    static byte[] read(Bar1Mapping mapping, long offset, int count) {
        byte[] bytes = new byte[count];
        mapping.read(offset, MemorySegment.ofArray(bytes), 0, count);
        return bytes;
    }

    static int readInt(Bar1Mapping mapping, long offset) {
        return MemorySegment.ofArray(read(mapping, offset, Integer.BYTES)).get(INT, 0);
    }

    static void write(MemoryObject memory, long offset, byte[] bytes) {
        memory.write(offset, MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    static byte[] read(MemoryObject memory, long offset, int count) {
        byte[] bytes = new byte[count];
        memory.read(offset, MemorySegment.ofArray(bytes), 0, count);
        return bytes;
    }

    static int readInt(MemoryObject memory, long offset) {
        return MemorySegment.ofArray(read(memory, offset, Integer.BYTES)).get(INT, 0);
    }
}
