package dev.nacre.board.fb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The board's memory, by physical address. Little-endian, any alignment. Addresses come from guests: what lies outside
 * reads as ones and is not written. Any thread.
 */
public final class Vram {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment memory;
    private final long sizeBytes;

    /**
     * Takes memory, which outlives this object.
     *
     * @param memory zeroed, page-aligned
     */
    public Vram(MemorySegment memory) {
        this.memory = memory;
        this.sizeBytes = memory.byteSize();
    }

    /** Bytes. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Whether a range lies inside, without wrapping. */
    public boolean contains(long address, long length) {
        return address >= 0 && length >= 0 && length <= sizeBytes && address <= sizeBytes - length;
    }

    /**
     * The memory itself, for bulk copies by engines that have checked the range with {@link #contains}. Offsets are
     * physical addresses.
     */
    public MemorySegment segment() {
        return memory;
    }

    /** Reads 32 bits. */
    public int readInt(long address) {
        return contains(address, 4) ? memory.get(INT, address) : -1;
    }

    /** Reads 64 bits. */
    public long readLong(long address) {
        return contains(address, 8) ? memory.get(LONG, address) : -1;
    }

    /** Writes 32 bits. */
    public void writeInt(long address, int value) {
        if (contains(address, 4)) {
            memory.set(INT, address, value);
        }
    }

    /** Writes 64 bits. */
    public void writeLong(long address, long value) {
        if (contains(address, 8)) {
            memory.set(LONG, address, value);
        }
    }
}
