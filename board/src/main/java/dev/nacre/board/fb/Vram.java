package dev.nacre.board.fb;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The board's memory, by physical address. Little-endian, any alignment. Addresses come from guests: what lies outside
 * reads as ones and is not written. Any thread.
 */
public final class Vram {
    /** Makes whole pages zero by giving them back to the host. */
    @FunctionalInterface
    public interface Pages {
        /** Gives pages back; offset and length are multiples of {@link #PAGE_BYTES}, and lie inside the memory. */
        void discard(long offset, long length);
    }

    /** The unit in which memory is given back: no host has smaller pages that it maps a file by. */
    public static final int PAGE_BYTES = 4096;

    /** Least that is given back: less costs more to get again, page by page, than to write. */
    private static final long LEAST_DISCARD_BYTES = 1 << 20;

    private static final MemorySegment ZEROS =
            MemorySegment.ofArray(new byte[64 << 10]).asReadOnly();

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment memory;
    private final long sizeBytes;
    private final @Nullable Pages pages;

    /**
     * Takes memory of which nothing can be given back, and which outlives this object.
     *
     * @param memory zeroed, page-aligned
     */
    public Vram(MemorySegment memory) {
        this(memory, null);
    }

    /**
     * Takes memory, which outlives this object.
     *
     * @param memory zeroed, page-aligned
     * @param pages gives its pages back
     */
    public Vram(MemorySegment memory, @Nullable Pages pages) {
        this.memory = memory;
        this.sizeBytes = memory.byteSize();
        this.pages = pages;
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

    /**
     * Makes a range zero. Of a long one whole pages are given back, which costs time for those in use only, some 100 us
     * for each MiB.
     *
     * @param address its start; the range is one that {@link #contains} is true of
     */
    public void clear(long address, long length) {
        long end = address + length;
        long firstPage = Math.min(end, Math.ceilDiv(address, PAGE_BYTES) * PAGE_BYTES);
        long lastPage = Math.max(firstPage, end / PAGE_BYTES * PAGE_BYTES);
        if (pages == null || lastPage - firstPage < LEAST_DISCARD_BYTES) {
            fill(address, end);
            return;
        }
        fill(address, firstPage);
        pages.discard(firstPage, lastPage - firstPage);
        fill(lastPage, end);
    }

    private void fill(long from, long to) {
        for (long at = from; at < to; at += ZEROS.byteSize()) {
            MemorySegment.copy(ZEROS, 0, memory, at, Math.min(ZEROS.byteSize(), to - at));
        }
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
