package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds a fence, or a timeline: fences by growing points. Shared by all files that have it. Any thread may call. HW: {@code
 * drm_syncobj.c} and {@code dma-fence-chain.c}: adding a point makes a timeline of whatever there was.
 */
public final class Syncobj {
    // Guarded by this.
    private @Nullable Fence fence;
    private List<Waiter> waiters = new ArrayList<>();

    /** A syncobj without a fence. */
    public Syncobj() {}

    /** What it holds now; null if nothing. */
    public synchronized @Nullable Fence fence() {
        return fence;
    }

    /** Has it hold another fence, or nothing. */
    public void replace(@Nullable Fence newFence) {
        List<Runnable> due;
        synchronized (this) {
            if (Objects.equals(newFence, fence)) {
                return;
            }
            fence = newFence;
            due = serveWaiters();
        }
        due.forEach(Runnable::run);
    }

    /**
     * Checks that a point may be added now.
     *
     * @throws DrmException with ENOMEM if too many points have not been reached
     */
    public void requireRoom() {
        FenceChain.requireRoom(fence());
    }

    /**
     * Adds a point to the timeline. {@link #requireRoom} comes first.
     *
     * @param added what ends before the point is reached; all points before it come first
     * @param point more than any point before
     * @param payer to whom it counts until it is reached
     */
    public void addPoint(Fence added, long point, Quota payer) {
        List<Runnable> due;
        synchronized (this) {
            fence = FenceChain.add(fence, added, point, payer);
            due = serveWaiters();
        }
        due.forEach(Runnable::run);
    }

    /**
     * The fence of a point.
     *
     * @param point 0 for whatever it holds
     * @return null if there is no such point yet
     */
    public @Nullable Fence find(long point) {
        return FenceChain.find(fence(), point);
    }

    /**
     * The fence of a point, for work that is to wait for it.
     *
     * @param point 0 for whatever it holds
     * @throws DrmException with EINVAL if there is no such point yet
     */
    public Fence require(long point) {
        Fence found = find(point);
        if (found == null) {
            throw new DrmException(Errno.EINVAL, "Syncobj has no such point: point=" + Long.toUnsignedString(point));
        }
        return found;
    }

    /** The point that its timeline has reached; 0 if it has none. */
    public long reachedPoint() {
        return FenceChain.reached(fence());
    }

    /** The newest point of its timeline; 0 if it has none. */
    public long newestPoint() {
        return FenceChain.newest(fence());
    }

    /**
     * Has somebody told the fence of a point as soon as there is one; at once, on this thread, if there is.
     *
     * @return takes it back
     */
    public Fence.Cancel whenAvailable(long point, Consumer<Fence> listener) {
        Fence found;
        Waiter waiter = new Waiter(point, listener);
        synchronized (this) {
            found = FenceChain.find(fence, point);
            if (found == null) {
                waiters.add(waiter);
                return () -> remove(waiter);
            }
        }
        listener.accept(found);
        return () -> {};
    }

    private synchronized void remove(Waiter waiter) {
        boolean _ = waiters.remove(waiter);
    }

    private List<Runnable> serveWaiters() {
        List<Runnable> due = new ArrayList<>();
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : waiters) {
            Fence found = FenceChain.find(fence, waiter.point);
            if (found == null) {
                left.add(waiter);
            } else {
                due.add(() -> waiter.listener.accept(found));
            }
        }
        waiters = left;
        return due;
    }

    private static final class Waiter {
        private final long point;
        private final Consumer<Fence> listener;

        private Waiter(long point, Consumer<Fence> listener) {
            this.point = point;
            this.listener = listener;
        }
    }
}
