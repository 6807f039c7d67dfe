package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which pages of a function's host memory it has written since they were last reported. A page is known by its address,
 * mapped or not, so that remapping forgets nothing. Any number of threads mark while another reports; no mark is lost.
 *
 * <p>Its memory grows with what is written, in chunks of 32,768 pages that stay until the log is dropped. At
 * {@link #MAX_BITMAP_BYTES}, which take 8 TiB in pages of 4 KiB, or when the heap is full, it gives up telling pages
 * apart: from then on, every report has all bits set.
 */
final class DirtyLog {
    /** Most bytes of bitmaps. HW: QEMU's max_bitmap_size. */
    private static final long MAX_BITMAP_BYTES = 256L << 20;

    private static final int CHUNK_WORDS = 512;
    private static final int CHUNK_SHIFT = Integer.numberOfTrailingZeros(CHUNK_WORDS * Long.SIZE);
    private static final int LAST_IN_WORD = Long.SIZE - 1;
    private static final int LAST_IN_CHUNK = (1 << CHUNK_SHIFT) - 1;

    /** Spreads consecutive chunks: 2^64 divided by the golden ratio. */
    private static final long HASH = 0x9e37_79b9_7f4a_7c15L;

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final ValueLayout.OfLong REPORT_WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The bits of consecutive pages. */
    private static final class Chunk {
        private final long index;
        private final long[] words = new long[CHUNK_WORDS];

        private Chunk(long index) {
            this.index = index;
        }

        private void set(long page, long bits) {
            // ORDERING: an atomic read-modify-write even if the bits are set already. It comes after the bytes, and the
            // reporting side's clearing is one too: a reporter that takes these bits lets its client see the bytes, and
            // one that came before leaves them to the next report. A plain look first could run ahead of the bytes.
            WORDS.getAndBitwiseOr(words, word(page), bits);
        }

        private long take(long page, long asked, long cleared) {
            int word = word(page);
            if ((long) WORDS.getVolatile(words, word) == 0) {
                return 0;
            }
            return (long) WORDS.getAndBitwiseAnd(words, word, ~cleared) & asked;
        }

        private static int word(long page) {
            // CAST: below the number of words
            return (int) (page >>> 6) & (CHUNK_WORDS - 1);
        }
    }

    private final int pageShift;
    private final int maxChunks;

    /** An open hash table, half full at most, from which nothing is ever removed. */
    private final AtomicReferenceArray<@Nullable Chunk> chunks;

    private final AtomicInteger chunkCount = new AtomicInteger();
    private volatile boolean full;

    /** An empty log of pages of so many bytes, a power of two. */
    DirtyLog(long pageBytes) {
        this(pageBytes, (int) (MAX_BITMAP_BYTES / (CHUNK_WORDS * Long.BYTES)));
    }

    /** As the other, with another bound on its chunks, a power of two. */
    DirtyLog(long pageBytes, int maxChunks) {
        this.pageShift = Long.numberOfTrailingZeros(pageBytes);
        this.maxChunks = maxChunks;
        this.chunks = new AtomicReferenceArray<>(2 * maxChunks);
    }

    /** Marks the pages of a range that does not wrap and is not empty. Called when the bytes are there. Any thread. */
    void mark(long iova, long length) {
        long last = (iova + length - 1) >>> pageShift;
        for (long page = iova >>> pageShift; page <= last; ) {
            long end = Math.min(last, page | LAST_IN_WORD);
            Chunk chunk = findOrAdd(page >>> CHUNK_SHIFT);
            if (chunk != null) {
                chunk.set(page, bits(page, end));
            }
            page = end + 1;
        }
    }

    /**
     * Reports and forgets the marks of a range that does not wrap and is not empty. A page of which the range has only a
     * part is reported and not forgotten. One thread at a time.
     *
     * @param pageBytes the page size that the report counts in, a power of two
     * @param report receives a bit per page, counted from the range's start, in little-endian words of 64
     * @param at where in it
     */
    void report(long iova, long length, long pageBytes, MemorySegment report, long at) {
        int shift = Long.numberOfTrailingZeros(pageBytes);
        long lastBit = (length - 1) >>> shift;
        report.asSlice(at, (lastBit / Long.SIZE + 1) * Long.BYTES).fill((byte) 0);
        if (full) {
            setBits(report, at, 0, lastBit);
            return;
        }
        long inPage = (1L << pageShift) - 1;
        long first = iova >>> pageShift;
        long last = (iova + length - 1) >>> pageShift;
        long firstWhole = (iova & inPage) == 0 ? first : first + 1;
        long lastWhole = ((iova + length) & inPage) == 0 ? last : last - 1;
        for (long page = first; page <= last; ) {
            Chunk chunk = find(page >>> CHUNK_SHIFT);
            if (chunk == null) {
                page = (page | LAST_IN_CHUNK) + 1;
                continue;
            }
            long end = Math.min(last, page | LAST_IN_WORD);
            long cleared = bits(Math.max(page, firstWhole), Math.min(end, lastWhole));
            long dirty = chunk.take(page, bits(page, end), cleared);
            while (dirty != 0) {
                int from = Long.numberOfTrailingZeros(dirty);
                int count = Long.numberOfTrailingZeros(~(dirty >>> from));
                long firstPage = (page & ~LAST_IN_WORD) + from;
                long lastPage = firstPage + count - 1;
                long firstByte = firstPage == first ? 0 : (firstPage << pageShift) - iova;
                long lastByte = lastPage == last ? length - 1 : ((lastPage + 1) << pageShift) - 1 - iova;
                setBits(report, at, firstByte >>> shift, lastByte >>> shift);
                dirty &= ~bits(firstPage, lastPage);
            }
            page = end + 1;
        }
    }

    private @Nullable Chunk find(long index) {
        for (int slot = slot(index); ; slot = (slot + 1) & (chunks.length() - 1)) {
            Chunk chunk = chunks.get(slot);
            if (chunk == null || chunk.index == index) {
                return chunk;
            }
        }
    }

    /** Finds a chunk or makes it; null if there may be no more, which every report from now on says. */
    private @Nullable Chunk findOrAdd(long index) {
        for (int slot = slot(index); ; slot = (slot + 1) & (chunks.length() - 1)) {
            Chunk chunk = chunks.get(slot);
            if (chunk == null) {
                Chunk fresh = add(index);
                if (fresh == null) {
                    return null;
                }
                chunk = chunks.compareAndExchange(slot, null, fresh);
                if (chunk == null) {
                    return fresh;
                }
                chunkCount.getAndDecrement();
            }
            if (chunk.index == index) {
                return chunk;
            }
        }
    }

    private @Nullable Chunk add(long index) {
        if (chunkCount.getAndIncrement() < maxChunks) {
            try {
                return new Chunk(index);
            } catch (OutOfMemoryError e) {
                // The bytes are written; without a bit for them the log can only say that anything may be.
            }
        }
        chunkCount.getAndDecrement();
        full = true;
        return null;
    }

    private int slot(long index) {
        // CAST: below the number of slots
        return (int) ((index * HASH) >>> Integer.SIZE) & (chunks.length() - 1);
    }

    /** The bits of pages in one word; none if the first comes after the last. */
    private static long bits(long first, long last) {
        return first > last ? 0 : (-1L << first) & (-1L >>> (LAST_IN_WORD - (last & LAST_IN_WORD)));
    }

    private static void setBits(MemorySegment report, long at, long first, long last) {
        for (long bit = first; bit <= last; ) {
            long end = Math.min(last, bit | LAST_IN_WORD);
            long word = at + bit / Long.SIZE * Long.BYTES;
            report.set(REPORT_WORD, word, report.get(REPORT_WORD, word) | bits(bit, end));
            bit = end + 1;
        }
    }
}
