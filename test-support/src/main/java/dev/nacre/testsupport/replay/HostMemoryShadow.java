package dev.nacre.testsupport.replay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Host memory as a replay will have it: what the recording has told so far and what the function wrote. Tells which of
 * the bytes that the function reads are news. Confined by its owner's lock.
 */
final class HostMemoryShadow {
    private static final int PAGE = 4096;

    /** Known bytes of a page. */
    private static final class Page {
        private final byte[] bytes = new byte[PAGE];
        private final BitSet known = new BitSet(PAGE);
    }

    private final Map<Long, Page> pages = new HashMap<>();

    /** Takes bytes that the function read. @return those that a replay would not have */
    List<LogEntry.Memory> read(long iova, MemorySegment bytes) {
        List<LogEntry.Memory> news = new ArrayList<>();
        forPages(iova, bytes, (page, at, offset, count) -> {
            int first = -1;
            int last = -1;
            for (int i = 0; i < count; i++) {
                byte now = bytes.get(ValueLayout.JAVA_BYTE, offset + i);
                if (!page.known.get(at + i) || page.bytes[at + i] != now) {
                    page.bytes[at + i] = now;
                    first = first < 0 ? i : first;
                    last = i;
                }
            }
            page.known.set(at, at + count);
            if (first >= 0) {
                byte[] changed = new byte[last - first + 1];
                System.arraycopy(page.bytes, at + first, changed, 0, changed.length);
                news.add(new LogEntry.Memory(iova + offset + first, MemorySegment.ofArray(changed)));
            }
        });
        return news;
    }

    /** Takes bytes that the function wrote. */
    void wrote(long iova, MemorySegment bytes) {
        forPages(iova, bytes, (page, at, offset, count) -> {
            MemorySegment.copy(bytes, offset, MemorySegment.ofArray(page.bytes), at, count);
            page.known.set(at, at + count);
        });
    }

    /** The range as it is now. */
    LogEntry.Written written(long iova, int length) {
        CRC32 crc = new CRC32();
        for (int done = 0; done < length; ) {
            int at = (int) ((iova + done) & (PAGE - 1));
            int count = Math.min(length - done, PAGE - at);
            crc.update(page(iova + done).bytes, at, count);
            done += count;
        }
        return new LogEntry.Written(iova, length, (int) crc.getValue());
    }

    private interface PagePart {
        void take(Page page, int at, long offset, int count);
    }

    private void forPages(long iova, MemorySegment bytes, PagePart part) {
        for (long done = 0; done < bytes.byteSize(); ) {
            int at = (int) ((iova + done) & (PAGE - 1));
            int count = (int) Math.min(bytes.byteSize() - done, PAGE - at);
            part.take(page(iova + done), at, done, count);
            done += count;
        }
    }

    private Page page(long iova) {
        return pages.computeIfAbsent(iova / PAGE, number -> new Page());
    }
}
