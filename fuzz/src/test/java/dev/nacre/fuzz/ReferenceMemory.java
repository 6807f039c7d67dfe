package dev.nacre.fuzz;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client has mapped, and which of it the device has written, page by page: written down apart from the code under
 * test, by looking at all ranges and all pages each time.
 */
final class ReferenceMemory {
    static final int READABLE = 1;
    static final int WRITABLE = 2;

    private static final int MAX_RANGES = 256;
    private static final long MAX_REPORT = 8L << 40;

    /**
     * A range of addresses.
     *
     * @param iova first address
     * @param size bytes, unsigned
     */
    record Span(long iova, long size) {
        long last() {
            return iova + size - 1;
        }

        boolean isEmptyOrWraps() {
            return size == 0 || Long.compareUnsigned(last(), iova) < 0;
        }

        boolean holds(long address) {
            return Long.compareUnsigned(iova, address) <= 0 && Long.compareUnsigned(address, last()) <= 0;
        }

        boolean overlaps(Span other) {
            return holds(other.iova) || other.holds(iova);
        }
    }

    /**
     * DMA_MAP's request.
     *
     * @param span where
     * @param flags what the device may do
     * @param offset in the file
     * @param hasFile whether the file came with it
     */
    record Mapping(Span span, int flags, long offset, boolean hasFile) {}

    /** A log that runs; no spans for everywhere. */
    private record Log(long wantedBytes, long pageBytes, List<Span> spans, Set<Long> dirty) {}

    private final List<Mapping> mappings = new ArrayList<>();
    private @Nullable Log log;

    /** DMA_MAP of a size that is not 0 and an address that does not wrap; returns an errno or 0. */
    int map(Mapping mapping) {
        if (mappings.contains(mapping)) {
            return 0;
        }
        if (mappings.stream().anyMatch(other -> other.span.overlaps(mapping.span))) {
            return Wire.EEXIST;
        }
        mappings.add(mapping);
        return 0;
    }

    /** DMA_UNMAP of a range; returns an errno or 0. */
    int unmap(Span span) {
        return mappings.removeIf(mapping -> mapping.span.equals(span)) ? 0 : Wire.ENOENT;
    }

    void unmapAll() {
        mappings.clear();
    }

    /** What the function's register COPY does; false if it faults. */
    boolean copy(long iova) {
        Span to = new Span(iova + 4096, 64);
        if (!isReachable(new Span(iova, 64), READABLE) || !isReachable(to, WRITABLE)) {
            return false;
        }
        mark(to);
        Span counter = new Span(iova, 4);
        if (!isReachable(counter, WRITABLE)) {
            return false;
        }
        mark(counter);
        return true;
    }

    /** DMA_LOGGING_START; returns the log's page size, or a negative errno. */
    long start(long wantedBytes, List<Span> spans) {
        if (spans.size() > MAX_RANGES) {
            return -Wire.E2BIG;
        }
        if (Long.bitCount(wantedBytes) != 1 || spans.stream().anyMatch(Span::isEmptyOrWraps)) {
            return -Wire.EINVAL;
        }
        List<Span> sorted = spans.stream()
                .sorted(comparing(Span::iova, Long::compareUnsigned).thenComparing(comparingLong(Span::size)))
                .toList();
        if (log == null) {
            long pageBytes = wantedBytes < 0 ? 1 << 30 : Math.clamp(wantedBytes, 4096, 1 << 30);
            log = new Log(wantedBytes, pageBytes, sorted, new HashSet<>());
        }
        boolean same = wantedBytes == log.wantedBytes || wantedBytes == log.pageBytes;
        return same && sorted.equals(log.spans) ? log.pageBytes : -Wire.EINVAL;
    }

    void stop() {
        log = null;
    }

    /**
     * DMA_LOGGING_REPORT: the bitmap or an error.
     *
     * @param maxBytes most bytes of a bitmap
     */
    Answer report(Span span, long pageBytes, long maxBytes) {
        if (log == null
                || Long.bitCount(pageBytes) != 1
                || span.isEmptyOrWraps()
                || Long.compareUnsigned(span.size, MAX_REPORT) > 0) {
            return Answer.plain(Wire.EINVAL);
        }
        long words = (Long.divideUnsigned(span.size - 1, pageBytes) + 64) / 64;
        boolean isLogged = log.spans.isEmpty()
                || isCovered(
                        span,
                        address ->
                                log.spans.stream().filter(s -> s.holds(address)).toList());
        if (words * Long.BYTES > maxBytes || !isLogged) {
            return Answer.plain(Wire.EINVAL);
        }
        int errno = backing(span);
        return errno != 0 ? Answer.plain(errno) : Answer.of(bitmap(log, span, pageBytes, (int) words));
    }

    private static byte[] bitmap(Log log, Span span, long pageBytes, int words) {
        BitSet bits = new BitSet();
        for (long page : List.copyOf(log.dirty)) {
            Span dirty = new Span(page * log.pageBytes, log.pageBytes);
            if (!dirty.overlaps(span)) {
                continue;
            }
            long first = span.holds(dirty.iova) ? dirty.iova : span.iova;
            long last = span.holds(dirty.last()) ? dirty.last() : span.last();
            bits.set(
                    (int) Long.divideUnsigned(first - span.iova, pageBytes),
                    (int) Long.divideUnsigned(last - span.iova, pageBytes) + 1);
            if (span.holds(dirty.iova) && span.holds(dirty.last())) {
                log.dirty.remove(page);
            }
        }
        byte[] bytes = new byte[words * Long.BYTES];
        byte[] used = bits.toByteArray();
        System.arraycopy(used, 0, bytes, 0, used.length);
        return bytes;
    }

    private void mark(Span span) {
        if (log != null) {
            long last = Long.divideUnsigned(span.last(), log.pageBytes);
            for (long page = Long.divideUnsigned(span.iova, log.pageBytes); page <= last; page++) {
                log.dirty.add(page);
            }
        }
    }

    /** Whether the device may transfer every byte. */
    private boolean isReachable(Span span, int flag) {
        return !span.isEmptyOrWraps()
                && isCovered(
                        span,
                        address -> mappings.stream()
                                .filter(m -> m.hasFile && (m.flags & flag) != 0 && m.span.holds(address))
                                .map(Mapping::span)
                                .toList());
    }

    /** Whether the client has passed a file for every byte; an errno if not. */
    private int backing(Span span) {
        for (long at = span.iova; ; ) {
            long address = at;
            List<Mapping> here =
                    mappings.stream().filter(m -> m.span.holds(address)).toList();
            if (here.isEmpty()) {
                return Wire.ENOENT;
            }
            if (!here.getFirst().hasFile) {
                return Wire.EINVAL;
            }
            long last = here.getFirst().span.last();
            if (Long.compareUnsigned(last, span.last()) >= 0) {
                return 0;
            }
            at = last + 1;
        }
    }

    private interface Holders {
        List<Span> of(long address);
    }

    /** Whether each byte is held by some span. */
    private static boolean isCovered(Span span, Holders holders) {
        for (long at = span.iova; ; ) {
            List<Span> here = holders.of(at);
            if (here.isEmpty()) {
                return false;
            }
            long last = here.stream()
                    .map(Span::last)
                    .max(Comparator.comparing(l -> l, Long::compareUnsigned))
                    .orElse(at);
            if (Long.compareUnsigned(last, span.last()) >= 0) {
                return true;
            }
            at = last + 1;
        }
    }
}
