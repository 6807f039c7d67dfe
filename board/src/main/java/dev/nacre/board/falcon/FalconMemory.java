package dev.nacre.board.falcon;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A falcon's instruction or data memory. Offsets come from guests: what lies outside reads zero and is not written. */
final class FalconMemory {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final MemorySegment segment;

    FalconMemory(int sizeBytes) {
        bytes = new byte[sizeBytes];
        segment = MemorySegment.ofArray(bytes);
    }

    MemorySegment segment() {
        return segment;
    }

    boolean contains(int offset, int length) {
        return offset >= 0 && length >= 0 && offset <= bytes.length - length;
    }

    int readInt(int offset) {
        return contains(offset, 4) ? segment.get(INT, offset) : 0;
    }

    void writeInt(int offset, int value) {
        if (contains(offset, 4)) {
            segment.set(INT, offset, value);
        }
    }

    int readByte(int offset) {
        return contains(offset, 1) ? bytes[offset] & 0xff : 0;
    }

    /** Makes it zero, as a reset of the falcon does. */
    void scrub() {
        Arrays.fill(bytes, (byte) 0);
    }

    byte[] save() {
        return bytes.clone();
    }

    void restore(byte[] from) {
        System.arraycopy(from, 0, bytes, 0, bytes.length);
    }

    int sizeBytes() {
        return bytes.length;
    }
}
