package dev.nacre.corec;

import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A memory object, of a core in C. */
final class NativeMemory extends NativeObject implements MemoryObject {
    private final long bytes;
    private final Placement placement;

    /** A second descriptor: C closes its own. */
    private final Optional<Fd> file;

    NativeMemory(CoreTable table, long handle, long bytes, Placement placement) {
        super(table, handle, Op.MEMORY_FREE);
        this.bytes = bytes;
        this.placement = placement;
        this.file = placement == Placement.SYSTEM
                ? Optional.of(Fd.adopt(table.call(Op.MEMORY_FD, handle)).duplicate())
                : Optional.empty();
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
        return file;
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        Transfer.read(this, Op.MEMORY_READ, offset, dst, dstOffset, count);
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        Transfer.write(this, Op.MEMORY_WRITE, offset, src, srcOffset, count);
    }

    @Override
    public void close() {
        super.close();
        file.ifPresent(Fd::close);
    }
}
