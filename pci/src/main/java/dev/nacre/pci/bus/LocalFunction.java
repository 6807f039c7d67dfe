package dev.nacre.pci.bus;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A function in this process. Nothing else may drive it meanwhile. */
public final class LocalFunction implements FunctionAccess {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PciFunction function;
    private final MemorySegment scalar = MemorySegment.ofArray(new byte[Integer.BYTES]);

    // Guarded by this, as all calls of the function are.
    private final Map<Long, Mapping> mappings = new HashMap<>();
    private boolean gone;
    private boolean closed;

    /**
     * Takes a function, which finds no host as long as nothing is mapped and bound.
     *
     * @param function the function; it stays the caller's
     */
    public LocalFunction(PciFunction function) {
        this.function = function;
    }

    /** Has the function be gone from now on, as one that is pulled out; whoever drives it notices. */
    public synchronized void pull() {
        gone = true;
        release();
    }

    @Override
    public Region region(int index) {
        return function.region(Objects.checkIndex(index, PciFunction.REGIONS));
    }

    @Override
    public synchronized void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        check(region, offset, count);
        if (isOut()) {
            dst.asSlice(dstOffset, count).fill((byte) 0xff);
        } else {
            function.read(region, offset, dst, dstOffset, count);
        }
    }

    @Override
    public synchronized void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        check(region, offset, count);
        if (!isOut()) {
            function.write(region, offset, src, srcOffset, count);
        }
    }

    @Override
    public synchronized int readInt(int region, long offset) {
        read(region, offset, scalar, 0, Integer.BYTES);
        return scalar.get(INT, 0);
    }

    @Override
    public synchronized void writeInt(int region, long offset, int value) {
        scalar.set(INT, 0, value);
        write(region, offset, scalar, 0, Integer.BYTES);
    }

    @Override
    public synchronized void mapDma(long iova, Fd file, long offset, long size, boolean writable) {
        if (isOut()) {
            return;
        }
        Mapping mapping = Mapping.map(file, offset, size, writable ? Mapping.Access.READ_WRITE : Mapping.Access.READ);
        try {
            function.memory().map(iova, mapping.segment(), true, writable);
        } catch (RuntimeException e) {
            mapping.close();
            throw e;
        }
        mappings.put(iova, mapping);
    }

    @Override
    public synchronized void unmapDma(long iova, long size) {
        if (isOut()) {
            return;
        }
        if (!function.memory().unmap(iova, size)) {
            throw new IllegalArgumentException("Not mapped: iova=0x" + Long.toHexString(iova) + " size=" + size);
        }
        Mapping mapping = mappings.remove(iova);
        if (mapping != null) {
            mapping.close();
        }
    }

    @Override
    public int interruptCount(InterruptKind kind) {
        return function.interrupts().count(kind);
    }

    @Override
    public synchronized void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        Objects.checkFromIndexSize(first, events.size(), interruptCount(kind));
        for (int i = 0; i < events.size() && !isOut(); i++) {
            function.interrupts().bind(kind, first + i, new Sink(events.get(i)));
        }
    }

    @Override
    public synchronized void unbindInterrupts(InterruptKind kind) {
        if (!isOut()) {
            function.interrupts().disable(kind);
        }
    }

    @Override
    public synchronized void reset() {
        if (!isOut()) {
            function.reset();
        }
    }

    @Override
    public synchronized boolean isGone() {
        return gone;
    }

    @Override
    public synchronized Optional<FunctionAccess> virtualFunction(int index) {
        List<PciFunction> all = isOut() ? List.of() : function.virtualFunctions();
        return index < all.size() ? Optional.of(new LocalFunction(all.get(index))) : Optional.empty();
    }

    @Override
    public Optional<PciFunction> local() {
        return Optional.of(function);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            release();
            closed = true;
        }
    }

    private boolean isOut() {
        return gone || closed;
    }

    private void release() {
        if (!closed) {
            function.interrupts().clear();
            function.memory().clear();
            mappings.values().forEach(Mapping::close);
            mappings.clear();
            function.disconnected();
        }
    }

    private void check(int region, long offset, int count) {
        Objects.checkFromIndexSize(offset, count, region(region).size());
    }

    /** An eventfd of the driver's, which is trusted and closes it itself. */
    private record Sink(EventFd event) implements InterruptSink {
        @Override
        public void signal() {
            event.signal();
        }

        @Override
        public void close() {}
    }
}
