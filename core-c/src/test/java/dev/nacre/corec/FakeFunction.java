package dev.nacre.corec;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Region;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A function that is a page of plain registers. */
final class FakeFunction implements FunctionAccess {
    static final int BYTES = 4096;

    // Made once, as a test counts the bytes that accesses allocate.
    private static final Region PAGE = new Region(BYTES, true, true);

    final MemorySegment registers = MemorySegment.ofArray(new long[BYTES / Long.BYTES]);
    final Map<Long, Long> mapped = new HashMap<>();
    boolean bound;
    int resets;
    int messages = 1;

    @Override
    public Region region(int index) {
        return index == 0 ? PAGE : Region.ABSENT;
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        check(region, offset, count);
        MemorySegment.copy(registers, offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        check(region, offset, count);
        MemorySegment.copy(src, srcOffset, registers, offset, count);
    }

    @Override
    public int readInt(int region, long offset) {
        check(region, offset, Integer.BYTES);
        return registers.get(ValueLayout.JAVA_INT, offset);
    }

    @Override
    public void writeInt(int region, long offset, int value) {
        check(region, offset, Integer.BYTES);
        registers.set(ValueLayout.JAVA_INT, offset, value);
    }

    @Override
    public void mapDma(long iova, Fd file, long offset, long size, boolean writable) {
        mapped.put(iova, size);
    }

    @Override
    public void unmapDma(long iova, long size) {
        mapped.remove(iova, size);
    }

    @Override
    public int interruptCount(InterruptKind kind) {
        return kind == InterruptKind.MSI ? messages : 0;
    }

    @Override
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        bound = true;
    }

    @Override
    public void unbindInterrupts(InterruptKind kind) {
        bound = false;
    }

    @Override
    public void reset() {
        resets++;
    }

    @Override
    public boolean isGone() {
        return true;
    }

    @Override
    public void close() {}

    private void check(int region, long offset, int count) {
        Objects.checkFromIndexSize(offset, count, region(region).size());
    }
}
