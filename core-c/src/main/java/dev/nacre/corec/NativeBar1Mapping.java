package dev.nacre.corec;

import dev.nacre.core.Bar1Mapping;
import java.lang.foreign.MemorySegment;

/** A part of a GPU's memory that the host reaches, of a core in C. C knows it by its memory, which has one at a time. */
final class NativeBar1Mapping extends NativeObject implements Bar1Mapping {
    private final long bar1Offset;
    private final long bytes;

    NativeBar1Mapping(NativeFbMemory memory, long bar1Offset, long bytes) {
        super(memory.table(), memory.pointer(), Op.BAR1_UNMAP_MEM);
        this.bar1Offset = bar1Offset;
        this.bytes = bytes;
    }

    @Override
    public long bar1Offset() {
        return bar1Offset;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        Transfer.read(this, Op.BAR1_READ, offset, dst, dstOffset, count);
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        Transfer.write(this, Op.BAR1_WRITE, offset, src, srcOffset, count);
    }
}
