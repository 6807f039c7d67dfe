package dev.nacre.testsupport.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.List;

/**
 * System memory that the device reaches too: contiguous by offset for the driver, page by page somewhere else for the
 * device. Little-endian. Scalars do not cross pages. One thread on the driver's side.
 */
final class DmaBuffer {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT_HANDLE = INT.varHandle();

    private final MemorySegment file;
    private final List<ScatterPlan.Piece> pages;
    private final int pageBytes;

    /**
     * Takes pages of one size.
     *
     * @param file all of the memory file
     */
    DmaBuffer(MemorySegment file, List<ScatterPlan.Piece> pages, int pageBytes) {
        this.file = file;
        this.pages = List.copyOf(pages);
        this.pageBytes = pageBytes;
    }

    long sizeBytes() {
        return (long) pages.size() * pageBytes;
    }

    /** Where the device sees a byte. The bytes up to the page's end follow it. */
    long iova(long offset) {
        return pages.get((int) (offset / pageBytes)).iova() + offset % pageBytes;
    }

    int intAt(long offset) {
        return file.get(INT, at(offset));
    }

    /** ORDERING: the device wrote this after what it announces. */
    int intAtAcquire(long offset) {
        return (int) INT_HANDLE.getAcquire(file, at(offset));
    }

    void putInt(long offset, int value) {
        file.set(INT, at(offset), value);
    }

    /** ORDERING: the device sees this only after all that was written before. */
    void putIntRelease(long offset, int value) {
        INT_HANDLE.setRelease(file, at(offset), value);
    }

    long longAt(long offset) {
        return file.get(LONG, at(offset));
    }

    void putLong(long offset, long value) {
        file.set(LONG, at(offset), value);
    }

    byte[] bytesAt(long offset, int count) {
        byte[] bytes = new byte[count];
        MemorySegment target = MemorySegment.ofArray(bytes);
        for (int done = 0; done < count; ) {
            int run = run(offset + done, count - done);
            MemorySegment.copy(file, at(offset + done), target, done, run);
            done += run;
        }
        return bytes;
    }

    void putBytes(long offset, byte[] bytes) {
        MemorySegment source = MemorySegment.ofArray(bytes);
        for (int done = 0; done < bytes.length; ) {
            int run = run(offset + done, bytes.length - done);
            MemorySegment.copy(source, done, file, at(offset + done), run);
            done += run;
        }
    }

    private int run(long offset, int most) {
        return (int) Math.min(most, pageBytes - offset % pageBytes);
    }

    private long at(long offset) {
        return pages.get((int) (offset / pageBytes)).fileOffset() + offset % pageBytes;
    }
}
