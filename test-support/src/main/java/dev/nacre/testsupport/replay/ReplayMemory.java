package dev.nacre.testsupport.replay;

import dev.nacre.pci.GuestMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** The host memory that a recording speaks of: every page of it, mapped from the start. */
final class ReplayMemory {
    private static final long PAGE = 4096;

    /** Stretches of pages by their first address. */
    private final TreeMap<Long, MemorySegment> stretches = new TreeMap<>();

    ReplayMemory(AccessLog log, Arena arena) {
        TreeMap<Long, Long> ends = new TreeMap<>();
        for (LogEntry entry : log.entries()) {
            switch (entry) {
                case LogEntry.Memory memory ->
                    cover(ends, memory.iova(), memory.data().byteSize());
                case LogEntry.Written written -> cover(ends, written.iova(), written.length());
                default -> {
                    // Touches no memory.
                }
            }
        }
        long start = -1;
        long end = -1;
        for (Map.Entry<Long, Long> part : ends.entrySet()) {
            if (part.getKey() > end && end >= 0) {
                stretches.put(start, arena.allocate(end - start, PAGE));
                start = -1;
            }
            start = start < 0 ? part.getKey() : start;
            end = Math.max(end, part.getValue());
        }
        if (start >= 0) {
            stretches.put(start, arena.allocate(end - start, PAGE));
        }
    }

    void map(GuestMemory memory) {
        stretches.forEach((iova, segment) -> memory.map(iova, segment, true, true));
    }

    void put(LogEntry.Memory content) {
        Map.Entry<Long, MemorySegment> stretch = stretches.floorEntry(content.iova());
        MemorySegment.copy(
                content.data(),
                0,
                stretch.getValue(),
                content.iova() - stretch.getKey(),
                content.data().byteSize());
    }

    /** A range as it is now. */
    LogEntry.Written written(long iova, int length) {
        Map.Entry<Long, MemorySegment> stretch = stretches.floorEntry(iova);
        CRC32 crc = new CRC32();
        crc.update(stretch.getValue().asSlice(iova - stretch.getKey(), length).asByteBuffer());
        return new LogEntry.Written(iova, length, (int) crc.getValue());
    }

    private static void cover(Map<Long, Long> ends, long iova, long length) {
        long first = iova & -PAGE;
        ends.merge(first, (iova + length + PAGE - 1) & -PAGE, Math::max);
    }
}
