package dev.nacre.vfio.driver;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.vfio.manager.Vgpu;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A virtual GPU as its guest sees it: a configuration space of its own, in front of the apertures, the interrupts and the
 * memory of the virtual function that shows it.
 *
 * <p>A reset goes through the virtual GPU's plugin and clears its memory, on the driver's worker. Until it is done, the
 * guest reads all-ones everywhere, as from a function that is being reset; the same when the virtual GPU has gone.
 */
final class VariantFunction implements PciFunction {
    private static final System.Logger LOG = System.getLogger(VariantFunction.class.getName());

    // TIMEOUT: VMMs wait 5 s for an answer, and everything else of theirs may wait with them; a reset lasts some 100
    // ms.
    private static final Duration RESET = Duration.ofMillis(800);

    private static final byte ALL_ONES = (byte) 0xff;

    private final Vgpu vgpu;
    private final PciFunction function;
    private final Executor worker;
    private final GuestConfig config;
    private final Object lock = new Object();

    /** Whether anything was done to the guest's GPU since it was reset. The transport's thread. */
    private boolean touched;

    private volatile boolean lost;

    /** What a reset that goes on will count down; null if none does. Guarded by the lock for writing. */
    private volatile @Nullable CountDownLatch resetting;

    // Guarded by the lock.
    private boolean scheduled;
    private boolean resetWanted;
    private boolean busMaster;
    private boolean busMasterTold;

    /**
     * Makes it, for a virtual GPU that runs and is as after its start.
     *
     * @param function the virtual function, which nothing else drives
     * @param worker runs tasks one after the other
     */
    VariantFunction(Vgpu vgpu, PciFunction function, Executor worker) {
        this.vgpu = vgpu;
        this.function = function;
        this.worker = worker;
        this.config = new GuestConfig(vgpu.type(), function, this::beginReset);
    }

    /** Has the guest see a device that has gone, from now on. Any thread; does not wait. */
    void lose() {
        lost = true;
        CountDownLatch waiting = resetting;
        if (waiting != null) {
            waiting.countDown();
        }
    }

    /** Whether the guest sees a device that has gone. */
    boolean isLost() {
        return lost;
    }

    @Override
    public Region region(int index) {
        return config.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        if (!answers()) {
            dst.asSlice(dstOffset, count).fill(ALL_ONES);
        } else if (region == CONFIG_REGION) {
            config.read(offset, dst, dstOffset, count);
        } else if (config.memoryDecoded()) {
            touched = true;
            function.read(region, offset, dst, dstOffset, count);
        } else {
            dst.asSlice(dstOffset, count).fill(ALL_ONES);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        if (!answers()) {
            return;
        }
        if (region == CONFIG_REGION) {
            config.write(offset, src, srcOffset, count);
            tellBusMaster();
        } else if (config.memoryDecoded()) {
            touched = true;
            function.write(region, offset, src, srcOffset, count);
        }
    }

    @Override
    public Interrupts interrupts() {
        return function.interrupts();
    }

    @Override
    public GuestMemory memory() {
        return function.memory();
    }

    /** Resets it by its plugin. Waits for that, but not for long: then the guest finds a device that is not there yet. */
    @Override
    public void reset() {
        beginReset();
        CountDownLatch waiting = resetting;
        if (waiting != null && !lost) {
            try {
                if (!waiting.await(RESET.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.log(Level.WARNING, () -> "vgpu=" + vgpu.name() + ": its reset takes longer than " + RESET);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The guest has gone: what it left is cleared, whether or not another one comes. */
    @Override
    public void disconnected() {
        beginReset();
    }

    private boolean answers() {
        return !lost && resetting == null;
    }

    /** Resets registers, and has the worker do the rest if there is anything to it. The transport's thread. */
    private void beginReset() {
        if (lost) {
            return;
        }
        config.reset();
        synchronized (lock) {
            busMaster = false;
            if (touched && resetting == null) {
                touched = false;
                resetting = new CountDownLatch(1);
                resetWanted = true;
                schedule();
            }
        }
    }

    private void tellBusMaster() {
        synchronized (lock) {
            if (busMaster != config.mastering()) {
                busMaster = config.mastering();
                touched |= busMaster;
                schedule();
            }
        }
    }

    /** Under the lock. However often a guest asks, there is one task at a time. */
    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            worker.execute(this::work);
        }
    }

    /** The worker's part. */
    private void work() {
        boolean reset;
        boolean master;
        boolean tell;
        synchronized (lock) {
            scheduled = false;
            reset = resetWanted;
            resetWanted = false;
            master = busMaster;
            tell = master != busMasterTold;
            busMasterTold = master;
        }
        if (lost) {
            return;
        }
        try {
            if (reset) {
                vgpu.reset();
            }
            if (tell) {
                vgpu.busMaster(master);
            }
        } catch (CoreException e) {
            // It has failed, or goes; both are told to the driver, which lets the guest know.
            lose();
            Level level = e.error() == CoreError.STALE ? Level.DEBUG : Level.WARNING;
            LOG.log(level, () -> "vgpu=" + vgpu.name() + ": lost for its guest: " + e.getMessage());
        } finally {
            if (reset) {
                endReset();
            }
        }
    }

    private void endReset() {
        CountDownLatch done = resetting;
        synchronized (lock) {
            resetting = null;
        }
        if (done != null) {
            done.countDown();
        }
    }
}
