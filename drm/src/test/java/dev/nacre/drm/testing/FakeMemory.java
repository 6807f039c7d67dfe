package dev.nacre.drm.testing;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Memory without a GPU; counts how many there are. */
public final class FakeMemory implements MemoryObject {
    private final long bytes;
    private final Placement placement;
    private final AtomicInteger live;
    private final Fd file;
    private final Mapping mapping;
    private boolean closed;

    /**
     * Makes one.
     *
     * @param live counts it until it is closed
     */
    public FakeMemory(long bytes, Placement placement, AtomicInteger live) {
        this.bytes = bytes;
        this.placement = placement;
        this.live = live;
        file = Memfd.ofFixedSize("nacre-test", bytes);
        mapping = Mapping.map(file, 0, bytes, Mapping.Access.READ_WRITE);
        live.incrementAndGet();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Placement placement() {
        return placement;
    }

    @Override
    public Optional<Fd> file() {
        return placement == Placement.SYSTEM ? Optional.of(file) : Optional.empty();
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        MemorySegment.copy(mapping.segment(), offset, dst, dstOffset, count);
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        MemorySegment.copy(src, srcOffset, mapping.segment(), offset, count);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            throw new CoreException(CoreError.STALE, "Memory is freed twice");
        }
        closed = true;
        mapping.close();
        file.close();
        live.decrementAndGet();
    }
}
