package dev.nacre.core.spi;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A function of which only the configuration space answers, all ones but for its ids, and that remembers mappings. */
final class FakeFunction implements FunctionAccess {
    static final int VENDOR = 0x10de;
    static final int DEVICE = 0x26b5;

    /** Sizes of what is mapped, by address. */
    final TreeMap<Long, Long> mapped = new TreeMap<>();

    /** What was refused. */
    final List<Long> refused = new ArrayList<>();

    /** Refuses to map from this address on. */
    long limit = Long.MAX_VALUE;

    @Override
    public Region region(int index) {
        return index == PciFunction.CONFIG_REGION ? Region.readWrite(256) : Region.ABSENT;
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        dst.asSlice(dstOffset, count).fill((byte) 0xff);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {}

    @Override
    public int readInt(int region, long offset) {
        return offset == 0 ? DEVICE << 16 | VENDOR : -1;
    }

    @Override
    public void writeInt(int region, long offset, int value) {}

    @Override
    public void mapDma(long iova, Fd file, long offset, long size, boolean writable) {
        if (iova + size > limit) {
            refused.add(iova);
            throw new IllegalArgumentException("refused");
        }
        mapped.put(iova, size);
    }

    @Override
    public void unmapDma(long iova, long size) {
        if (!mapped.remove(iova, size)) {
            throw new IllegalArgumentException("not mapped");
        }
    }

    @Override
    public int interruptCount(InterruptKind kind) {
        return 0;
    }

    @Override
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {}

    @Override
    public void unbindInterrupts(InterruptKind kind) {}

    @Override
    public void reset() {}

    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public void close() {}
}
