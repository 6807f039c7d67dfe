package dev.nacre.vfio.manager;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuUsage;
import dev.nacre.vfio.placement.Place;
import dev.nacre.vfio.type.CatalogType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One virtual GPU. Any thread may call. What changes its state happens one at a time and may take seconds, so that no
 * thread that answers a guest may call it; questions are answered meanwhile.
 */
public final class Vgpu implements AutoCloseable {
    /**
     * What it is, for good.
     *
     * @param vfIndex the virtual function that shows it
     * @param place where it lies in the board's memory
     * @param channels how many it can have
     */
    record Identity(CatalogType type, UUID uuid, String name, int vfIndex, Place place, int channels) {}

    private final VgpuManager manager;
    private final Identity identity;
    private final ReentrantLock operation = new ReentrantLock();
    private volatile VgpuState state = new VgpuState.Defined();
    private volatile @Nullable VgpuPlugin plugin;

    /** Guarded by the operation. */
    private @Nullable VgpuParts parts;

    /** Guarded by the operation. */
    private boolean closed;

    Vgpu(VgpuManager manager, Identity identity) {
        this.manager = manager;
        this.identity = identity;
    }

    /** The virtual function that shows it, from 0. */
    public int vfIndex() {
        return identity.vfIndex;
    }

    /** Its name, unique on its board. */
    public String name() {
        return identity.name;
    }

    /** Its id. */
    public UUID uuid() {
        return identity.uuid;
    }

    /** Its type. */
    public CatalogType type() {
        return identity.type;
    }

    /** Where it lies in the board's memory. */
    public Place place() {
        return identity.place;
    }

    /** How many channels its guest can have. */
    public int channels() {
        return identity.channels;
    }

    /** What it is doing. */
    public VgpuState state() {
        return state;
    }

    /**
     * Starts it: its memory is cleared, and its virtual function shows a GPU when this returns.
     *
     * @param processId the process that its guest runs in, from 1
     * @throws CoreException with {@link CoreError#BUSY} if it runs, with {@link CoreError#STALE} if it was closed, and as
     *     the core's operations; it has failed then, and has nothing of the board
     */
    public void start(int processId) {
        operation.lock();
        try {
            if (closed) {
                throw new CoreException(CoreError.STALE, "The virtual GPU is closed: " + this);
            }
            if (parts != null) {
                throw new CoreException(CoreError.BUSY, "The virtual GPU is running: " + this);
            }
            enter(new VgpuState.Starting());
            try {
                VgpuParts taken = manager.take(this, processId);
                parts = taken;
                plugin = taken.plugin();
            } catch (RuntimeException e) {
                enter(new VgpuState.Failed(reason(e)));
                throw e;
            }
            enter(new VgpuState.Running(processId));
        } finally {
            operation.unlock();
        }
    }

    /**
     * Makes it as it was when it started, its memory cleared.
     *
     * @throws CoreException with {@link CoreError#STALE} if it does not run, and as the core's operations; it has failed
     *     then, and has nothing of the board
     */
    public void reset() {
        withParts(VgpuParts::reset);
    }

    /**
     * Says whether the guest lets its GPU reach memory by DMA.
     *
     * @throws CoreException as {@link #reset} does
     */
    public void busMaster(boolean enabled) {
        withParts(running -> running.plugin().busMaster(enabled, true));
    }

    /** Ends what runs of it; it can be started again. Nothing if it does not run. */
    public void stop() {
        operation.lock();
        try {
            if (parts != null) {
                enter(new VgpuState.Stopping());
                release();
                enter(new VgpuState.Defined());
            }
        } finally {
            operation.unlock();
        }
    }

    /** Ends it for good: its virtual function and its place are free when this returns. Idempotent. */
    @Override
    public void close() {
        operation.lock();
        try {
            if (closed) {
                return;
            }
            stop();
            closed = true;
        } finally {
            operation.unlock();
        }
        manager.forget(this);
    }

    /** How much it uses; empty if it does not run. */
    public Optional<VgpuUsage> usage() {
        return ask(VgpuPlugin::usage);
    }

    /** What its guest has told of itself; empty if it does not run. */
    public Optional<VgpuGuestInfo> guestInfo() {
        return ask(VgpuPlugin::guestInfo);
    }

    /** What its heads show; nothing if it does not run. */
    public List<VgpuSurface> surfaces() {
        return ask(VgpuPlugin::surfaces).orElse(List.of());
    }

    /** Its plugin's logs, in the firmware's format; none if it does not run. */
    public List<GspLog> logs() {
        return ask(VgpuPlugin::logs).orElse(List.of());
    }

    /** As in logs: its name and its virtual function. */
    @Override
    public String toString() {
        return identity.name + " vf=" + identity.vfIndex + " type=" + identity.type.name();
    }

    private void withParts(java.util.function.Consumer<VgpuParts> action) {
        operation.lock();
        try {
            VgpuParts running = parts;
            if (running == null) {
                throw new CoreException(CoreError.STALE, "The virtual GPU does not run: " + this);
            }
            try {
                action.accept(running);
            } catch (CoreException e) {
                enter(new VgpuState.Failed(reason(e)));
                release();
                throw e;
            }
        } finally {
            operation.unlock();
        }
    }

    /** Asks the plugin, which may end meanwhile; then it is as if it had not run. */
    private <T> Optional<T> ask(Function<VgpuPlugin, T> question) {
        VgpuPlugin asked = plugin;
        if (asked == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(asked));
        } catch (CoreException e) {
            if (asked.equals(plugin)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void release() {
        VgpuParts ended = parts;
        parts = null;
        plugin = null;
        if (ended != null) {
            ended.release();
        }
    }

    private void enter(VgpuState next) {
        VgpuState from = state;
        state = next;
        manager.tell(new VgpuEvent.StateChanged(this, from, next));
    }

    private static String reason(RuntimeException e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
