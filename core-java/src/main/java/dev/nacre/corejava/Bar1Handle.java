package dev.nacre.corejava;

import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.MapRequest;
import java.lang.foreign.MemorySegment;

/** A part of the GPU's memory in BAR 1. */
final class Bar1Handle extends Handle implements Bar1Mapping {
    private final FbHandle memory;
    private final long at;
    private final long bytes;

    Bar1Handle(FbHandle memory, MapRequest request) {
        super(memory.attachment());
        this.memory = memory;
        this.bytes = request.bytes();
        this.at = core().parts().bar1().map(memory.run(request));
        memory.inBar1(true);
    }

    @Override
    public long bar1Offset() {
        return at;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    // Not while it is taken back: what lies there then is somebody else's.
    @Override
    public synchronized void read(long offset, MemorySegment dst, long dstOffset, int count) {
        requireInside(bytes, offset, count, dst, dstOffset);
        requireLive();
        core().parts().bar1().read(at + offset, dst, dstOffset, count);
    }

    @Override
    public synchronized void write(long offset, MemorySegment src, long srcOffset, int count) {
        requireInside(bytes, offset, count, src, srcOffset);
        requireLive();
        core().parts().bar1().write(at + offset, src, srcOffset, count);
    }

    /** @throws CoreException if bytes do not lie in memory, or in the caller's segment */
    static void requireInside(long bytes, long offset, int count, MemorySegment segment, long segmentOffset) {
        if (offset < 0
                || count < 0
                || offset > bytes - count
                || segmentOffset < 0
                || segmentOffset > segment.byteSize() - count) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Bytes are not inside the memory: offset=" + offset + " count=" + count + " memory=" + bytes);
        }
    }

    @Override
    String describe() {
        return "BAR 1 mapping at=" + at + " bytes=" + bytes;
    }

    @Override
    synchronized void release() {
        core().parts().bar1().unmap(at, bytes);
        memory.inBar1(false);
    }
}
