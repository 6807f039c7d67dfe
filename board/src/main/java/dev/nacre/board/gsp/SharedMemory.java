package dev.nacre.board.gsp;

import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;

/**
 * The memory that driver and GSP share, by offset. Its pages lie anywhere in the driver's memory; the list of them is
 * read once. GSP's engine thread; each access may end in a {@link dev.nacre.pci.DmaFault}.
 */
final class SharedMemory {
    /** Pages at the most; drivers have 129. */
    static final int MAX_PAGES = 1024;

    private static final int PAGE_BYTES = QueueLayout.PAGE_BYTES;

    private final GuestMemory memory;
    private final long[] pages;

    private SharedMemory(GuestMemory memory, long[] pages) {
        this.memory = memory;
        this.pages = pages;
    }

    /**
     * Reads the list of pages, which the area itself begins with.
     *
     * @throws BootRefusedException if it is impossible
     */
    static SharedMemory read(GuestMemory memory, long address, int count) {
        if (count < 1 || count > MAX_PAGES) {
            throw new BootRefusedException("Number of shared pages is impossible: pages=" + count);
        }
        long[] pages = new long[count];
        for (int i = 0; i < count; i++) {
            int listPage = i * Long.BYTES / PAGE_BYTES;
            long list = listPage == 0 ? address : pages[listPage];
            pages[i] = memory.readLong(list + i * Long.BYTES % PAGE_BYTES);
            if (pages[i] % PAGE_BYTES != 0) {
                throw new BootRefusedException(
                        "Shared page is not aligned: page=" + i + " address=0x" + Long.toHexString(pages[i]));
            }
        }
        return new SharedMemory(memory, pages);
    }

    /** An area whose list of pages is known. */
    static SharedMemory of(GuestMemory memory, long[] pages) {
        return new SharedMemory(memory, pages.clone());
    }

    long[] pages() {
        return pages.clone();
    }

    /** Bytes. */
    int sizeBytes() {
        return pages.length * PAGE_BYTES;
    }

    private long address(int offset) {
        return pages[offset / PAGE_BYTES] + offset % PAGE_BYTES;
    }

    int read32(int offset) {
        return memory.readInt(address(offset));
    }

    /** Reads a position, before anything that it covers. */
    int readPosition(int offset) {
        return memory.readIntAcquire(address(offset));
    }

    void write32(int offset, int value) {
        memory.writeInt(address(offset), value);
    }

    /** Writes a position, or what says that others are there, after all that was written before. */
    void writePosition(int offset, int value) {
        memory.writeIntRelease(address(offset), value);
    }

    /** Reads one page. */
    void readPage(int offset, byte[] into, int at) {
        memory.read(address(offset), MemorySegment.ofArray(into), at, PAGE_BYTES);
    }

    /** Writes one page. */
    void writePage(int offset, byte[] from, int at) {
        memory.write(address(offset), MemorySegment.ofArray(from), at, PAGE_BYTES);
    }
}
