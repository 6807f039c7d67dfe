package dev.nacre.board.falcon;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A falcon's instruction, data or external memory. Offsets come from guests: what lies outside reads zero and is not written. */
public final class FalconMemory {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final MemorySegment segment;

    /** Makes one, zeroed. */
    public FalconMemory(int sizeBytes) {
        bytes = new byte[sizeBytes];
        segment = MemorySegment.ofArray(bytes);
    }

    MemorySegment segment() {
        return segment;
    }

    /** Whether a range lies inside. */
    public boolean contains(int offset, int length) {
        return offset >= 0 && length >= 0 && offset <= bytes.length - length;
    }

    /** Reads 32 bits. */
    public int readInt(int offset) {
        return contains(offset, 4) ? segment.get(INT, offset) : 0;
    }

    /** Writes 32 bits. */
    public void writeInt(int offset, int value) {
        if (contains(offset, 4)) {
            segment.set(INT, offset, value);
        }
    }

    int readByte(int offset) {
        return contains(offset, 1) ? bytes[offset] & 0xff : 0;
    }

    /** Makes it zero, as a reset of the falcon does. */
    public void scrub() {
        Arrays.fill(bytes, (byte) 0);
    }

    /** A copy of its bytes. */
    public byte[] save() {
        return bytes.clone();
    }

    /**
     * Takes a copy.
     *
     * @param from as many bytes as it has
     */
    public void restore(byte[] from) {
        System.arraycopy(from, 0, bytes, 0, bytes.length);
    }

    /** Bytes. */
    public int sizeBytes() {
        return bytes.length;
    }
}
