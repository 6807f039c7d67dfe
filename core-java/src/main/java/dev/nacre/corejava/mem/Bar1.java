package dev.nacre.corejava.mem;

import dev.nacre.corejava.gpu.BarAccess;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;

/** BAR 1. Any thread. */
public final class Bar1 implements BarAccess {
    private static final int REGION = 1;

    private final FunctionAccess function;

    /** BAR 1 of a function, which stays the caller's. */
    public Bar1(FunctionAccess function) {
        this.function = function;
    }

    @Override
    public long bytes() {
        return function.region(REGION).size();
    }

    @Override
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        function.read(REGION, offset, dst, dstOffset, count);
    }

    @Override
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        function.write(REGION, offset, src, srcOffset, count);
    }
}
