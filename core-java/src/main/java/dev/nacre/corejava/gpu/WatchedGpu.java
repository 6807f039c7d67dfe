package dev.nacre.corejava.gpu;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;

/**
 * A GPU that may go. What is freed goes on without it; a GPU that does not answer when something is freed counts as gone,
 * since it may use what it was told to leave. Any thread.
 */
public final class WatchedGpu {
    private static final System.Logger LOG = System.getLogger(WatchedGpu.class.getName());

    private final BootedGpu gpu;
    private final Runnable onLost;
    private final VramAccess vram = new Writes();
    private volatile boolean lost;

    /**
     * Watches a GPU.
     *
     * @param onLost is told once, by the thread that has found out, which may hold locks
     */
    public WatchedGpu(BootedGpu gpu, Runnable onLost) {
        this.gpu = gpu;
        this.onLost = onLost;
    }

    /** The GPU. */
    public BootedGpu gpu() {
        return gpu;
    }

    /** Whether it has gone. */
    public boolean isLost() {
        return lost;
    }

    /** Tells that it has gone. Idempotent. */
    public void lost() {
        boolean first;
        synchronized (this) {
            first = !lost;
            lost = true;
        }
        if (first) {
            onLost.run();
        }
    }

    /** Has it give up something. What it refuses is logged. */
    public void release(Runnable action) {
        if (lost) {
            return;
        }
        try {
            action.run();
        } catch (CoreException e) {
            if (e.error() == CoreError.GONE || e.error() == CoreError.TIMED_OUT) {
                LOG.log(Level.WARNING, "GPU does not answer any more: {0}", e.getMessage());
                lost();
            } else {
                LOG.log(Level.WARNING, "GPU refuses to give something up", e);
            }
        }
    }

    /** Its memory; what is written is lost if it has gone. */
    public VramAccess vram() {
        return vram;
    }

    /** Has it forget translations, as {@link BootedGpu#invalidateTlb}. */
    public void invalidateTlb(long pageDirectory) {
        release(() -> gpu.invalidateTlb(pageDirectory));
    }

    private final class Writes implements VramAccess {
        @Override
        public long readLong(long address) {
            return gpu.vram().readLong(address);
        }

        @Override
        public void writeLong(long address, long value) {
            release(() -> gpu.vram().writeLong(address, value));
        }

        @Override
        public void read(long address, MemorySegment dst, long dstOffset, int count) {
            gpu.vram().read(address, dst, dstOffset, count);
        }

        @Override
        public void write(long address, MemorySegment src, long srcOffset, int count) {
            release(() -> gpu.vram().write(address, src, srcOffset, count));
        }

        @Override
        public void fill(long address, long bytes, byte value) {
            release(() -> gpu.vram().fill(address, bytes, value));
        }
    }
}
