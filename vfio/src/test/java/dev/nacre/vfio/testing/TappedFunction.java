package dev.nacre.vfio.testing;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Region;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.vfiouser.VfioUserFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** A guest's way to its function, with a hostile hand in the memory that its driver shares with the function. */
public final class TappedFunction implements FunctionAccess {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final VfioUserFunction function;
    private final List<Mapping> mappings = new ArrayList<>();
    private final List<Fd> files = new ArrayList<>();
    private final TreeMap<Long, MemorySegment> pieces = new TreeMap<>();

    TappedFunction(VfioUserFunction function) {
        this.function = function;
    }

    /** Memory of this hand's own, which the function may use. */
    public MemorySegment own(long iova, long bytes) {
        Fd file = Memfd.ofFixedSize("hostile", bytes);
        files.add(file);
        mapDma(iova, file, 0, bytes, true);
        return piece(iova);
    }

    private synchronized MemorySegment piece(long iova) {
        Map.Entry<Long, MemorySegment> entry = pieces.floorEntry(iova);
        if (entry == null || iova - entry.getKey() >= entry.getValue().byteSize()) {
            throw new IllegalArgumentException("Nothing is mapped: iova=0x" + Long.toHexString(iova));
        }
        return entry.getValue().asSlice(iova - entry.getKey());
    }

    /** The number at an address of the function's. */
    public int getInt(long iova) {
        return piece(iova).get(INT, 0);
    }

    /** As {@link #getInt}, of 64 bits. */
    public long getLong(long iova) {
        return piece(iova).get(LONG, 0);
    }

    /** Changes a number at an address of the function's. */
    public void putInt(long iova, int value) {
        piece(iova).set(INT, 0, value);
    }

    /** Changes memory at an address of the function's. */
    public void put(long iova, byte[] bytes, int from, int count) {
        MemorySegment.copy(bytes, from, piece(iova), ValueLayout.JAVA_BYTE, 0, count);
    }

    /** The first address, of those that are multiples of so many bytes, that something holds of; all have a word there. */
    public synchronized long find(int step, LongPredicate holds) {
        for (Map.Entry<Long, MemorySegment> piece : pieces.entrySet()) {
            for (long at = 0; at + step <= piece.getValue().byteSize(); at += step) {
                if (holds.test(piece.getKey() + at)) {
                    return piece.getKey() + at;
                }
            }
        }
        throw new IllegalStateException("There is none in " + pieces.size() + " pieces of memory");
    }

    /** What becomes of a guest whose VM is reset: its driver has gone without a word. */
    public void crash() {
        function.reset();
        VgpuHost.awaitReset(function);
        for (InterruptKind kind : InterruptKind.values()) {
            if (interruptCount(kind) > 0) {
                unbindInterrupts(kind);
            }
        }
        for (Map.Entry<Long, MemorySegment> piece : new TreeMap<>(pieces).entrySet()) {
            unmapDma(piece.getKey(), piece.getValue().byteSize());
        }
    }

    @Override
    public synchronized void mapDma(long iova, Fd file, long offset, long size, boolean writable) {
        function.mapDma(iova, file, offset, size, writable);
        Mapping mapping = Mapping.map(file, offset, size, Mapping.Access.READ_WRITE);
        mappings.add(mapping);
        pieces.put(iova, mapping.segment());
    }

    @Override
    public synchronized void unmapDma(long iova, long size) {
        function.unmapDma(iova, size);
        // The mapping stays: a hostile hand lets go of nothing.
        pieces.remove(iova);
    }

    @Override
    public Region region(int index) {
        return function.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        function.read(region, offset, dst, dstOffset, count);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        function.write(region, offset, src, srcOffset, count);
    }

    @Override
    public int readInt(int region, long offset) {
        return function.readInt(region, offset);
    }

    @Override
    public void writeInt(int region, long offset, int value) {
        function.writeInt(region, offset, value);
    }

    @Override
    public int interruptCount(InterruptKind kind) {
        return function.interruptCount(kind);
    }

    @Override
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        function.bindInterrupts(kind, first, events);
    }

    @Override
    public void unbindInterrupts(InterruptKind kind) {
        function.unbindInterrupts(kind);
    }

    @Override
    public void reset() {
        function.reset();
    }

    @Override
    public boolean isGone() {
        return function.isGone();
    }

    @Override
    public synchronized void close() {
        function.close();
        mappings.forEach(Mapping::close);
        files.forEach(Fd::close);
    }
}
