package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.wire.DmaLoggingRange;
import dev.nacre.vfiouser.wire.DmaLoggingReport;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log of what the function writes to its client's memory. It covers all memory, whichever ranges the client named:
 * those only bound what it may ask for, since asking for others is a mistake that would otherwise look like clean pages.
 * One thread.
 */
final class DmaLoggingService {
    /** Most ranges of a log. HW: LOG_MAX_RANGES of Linux drivers/vfio/vfio_main.c. */
    private static final int MAX_RANGES = 256;

    /** Most bytes of one report, which bounds the search for marks. HW: libvfio-user's MAX_DMA_SIZE, for one range. */
    private static final long MAX_REPORT_BYTES = 8L << 40;

    /**
     * What is logged.
     *
     * @param wantedBytes the page size that was asked for
     * @param pageBytes the page size of the log
     * @param ranges where, by address; none for everywhere
     */
    private record Log(long wantedBytes, long pageBytes, List<DmaLoggingRange> ranges) {
        boolean isMadeBy(long otherBytes, List<DmaLoggingRange> otherRanges) {
            return (otherBytes == wantedBytes || otherBytes == pageBytes) && otherRanges.equals(ranges);
        }

        boolean covers(DmaLoggingRange asked) {
            long next = asked.iova();
            for (DmaLoggingRange range : ranges) {
                if (Long.compareUnsigned(range.iova(), next) <= 0 && Long.compareUnsigned(range.last(), next) >= 0) {
                    if (Long.compareUnsigned(range.last(), asked.last()) >= 0) {
                        return true;
                    }
                    next = range.last() + 1;
                }
            }
            return ranges.isEmpty();
        }
    }

    private final GuestMemory memory;
    private final DmaTable table;
    private @Nullable Log log;

    DmaLoggingService(GuestMemory memory, DmaTable table) {
        this.memory = memory;
        this.table = table;
    }

    /**
     * Begins to log. Beginning the same log twice is as good as once.
     *
     * @param pageBytes the wanted page size, any number
     * @param ranges any ranges
     * @return the page size of the log, or a negative errno
     */
    long start(long pageBytes, List<DmaLoggingRange> ranges) {
        if (ranges.size() > MAX_RANGES) {
            return -Errno.E2BIG.number();
        }
        if (Long.bitCount(pageBytes) != 1 || ranges.stream().anyMatch(DmaLoggingRange::isEmptyOrWraps)) {
            return -Errno.EINVAL.number();
        }
        List<DmaLoggingRange> sorted = ranges.stream()
                .sorted(Comparator.comparing(DmaLoggingRange::iova, Long::compareUnsigned)
                        .thenComparing(DmaLoggingRange::length, Long::compareUnsigned))
                .toList();
        Log running = log;
        if (running == null) {
            running = new Log(pageBytes, memory.startDirtyLog(pageBytes), sorted);
            log = running;
        }
        return running.isMadeBy(pageBytes, sorted) ? running.pageBytes : -Errno.EINVAL.number();
    }

    /** Ends the log, if there is one. */
    void stop() {
        log = null;
        memory.stopDirtyLog();
    }

    /**
     * Writes a bitmap of what was written in a range since it was last asked for.
     *
     * @param asked what the client asks for, any numbers
     * @param maxBytes most bytes of a bitmap
     * @param out receives the bitmap
     * @param at where in it
     * @return bytes of the bitmap, or a negative errno
     */
    int report(DmaLoggingReport asked, long maxBytes, MemorySegment out, long at) {
        DmaLoggingRange range = asked.range();
        if (log == null
                || Long.bitCount(asked.pageSize()) != 1
                || range.isEmptyOrWraps()
                || Long.compareUnsigned(range.length(), MAX_REPORT_BYTES) > 0
                || asked.bitmapBytes() > maxBytes
                || !log.covers(range)) {
            return -Errno.EINVAL.number();
        }
        int errno = table.backing(range.iova(), range.length());
        if (errno != 0) {
            return -errno;
        }
        memory.reportDirty(range.iova(), range.length(), asked.pageSize(), out, at);
        // CAST: at most maxBytes, which a message holds
        return (int) asked.bitmapBytes();
    }
}
