package dev.nacre.corejava.mmu;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.GpuDescription;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.RangeAllocator;
import dev.nacre.corejava.memory.VideoMemory;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;

/** BAR 1: a window of virtual addresses, through which the host reaches parts of the GPU's memory. Any thread. */
public final class Bar1Window implements AutoCloseable {
    private final WatchedGpu live;
    private final PageTables tables;
    private final RangeAllocator addresses;

    /** The window of a GPU, in which nothing is mapped. */
    public Bar1Window(WatchedGpu live, VideoMemory memory) {
        this.live = live;
        GpuDescription gpu = live.gpu().description();
        this.tables = new PageTables(live, memory, OptionalLong.of(gpu.bar1PageDirectory()));
        this.addresses = RangeAllocator.of(0, gpu.bar1Bytes());
    }

    /**
     * Maps memory.
     *
     * @return where it begins in the window
     * @throws CoreException with {@link CoreError#NO_SPACE} if the window is full
     */
    public long map(PageRun run) {
        long at = addresses
                .allocate(run.bytes(), run.alignment())
                .orElseThrow(() -> new CoreException(
                        CoreError.NO_SPACE,
                        "BAR 1 is full: bytes=" + run.bytes() + " free=" + addresses.available() + " total="
                                + addresses.total()));
        try {
            tables.map(at, run);
        } catch (CoreException e) {
            addresses.free(at);
            throw e;
        }
        return at;
    }

    /** Takes memory out. */
    public void unmap(long at, long bytes) {
        tables.unmap(at, bytes);
        addresses.free(at);
    }

    /** Reads. */
    public void read(long at, MemorySegment dst, long dstOffset, int count) {
        live.gpu().bar1().read(at, dst, dstOffset, count);
    }

    /** Writes. */
    public void write(long at, MemorySegment src, long srcOffset, int count) {
        live.gpu().bar1().write(at, src, srcOffset, count);
    }

    /** Bytes of the window that are free. */
    public long availableBytes() {
        return addresses.available();
    }

    @Override
    public void close() {
        tables.close();
    }
}
