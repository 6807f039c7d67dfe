package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.FbMemory;
import dev.nacre.core.MapRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A part of a GPU's memory, of a core in C. */
final class NativeFbMemory extends NativeObject implements FbMemory {
    private final long offset;
    private final long bytes;

    NativeFbMemory(CoreTable table, long handle, long offset, long bytes) {
        super(table, handle, Op.FREE_FBMEM);
        this.offset = offset;
        this.bytes = bytes;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Bar1Mapping mapBar1(MapRequest request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.BAR1_MAP_MEM, pointer(), Requests.map(request, arena), out);
            return new NativeBar1Mapping(this, out.get(JAVA_LONG, 0), request.bytes());
        }
    }
}
