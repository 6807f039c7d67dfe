package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of some work, once. Whoever starts the work makes the fence and signals it; it must be signalled at some time,
 * also if the work fails. Any thread may call.
 */
public class Fence {
    // A client can have as many points as it likes depend on work that does not end.
    private static final int MOST_DEPENDENTS = 1 << 16;

    // Guarded by this.
    private final List<Callback> callbacks = new ArrayList<>(1);
    private final List<Fence> dependents = new ArrayList<>(1);
    private boolean ended;
    private @Nullable Errno error;

    /** A fence of work that has not ended. */
    public Fence() {}

    /** A fence of work that has ended. */
    public static Fence signalled() {
        Fence fence = new Fence();
        fence.signal();
        return fence;
    }

    /** Whether the work has ended, well or not. */
    public synchronized boolean isSignalled() {
        return ended;
    }

    /** Why the work failed; empty if it has not ended, or ended well. */
    public synchronized Optional<Errno> error() {
        return Optional.ofNullable(error);
    }

    /** The work has ended. Idempotent. Runs the callbacks on this thread. */
    public void signal() {
        end(null);
    }

    /** The work has failed. Idempotent. Runs the callbacks on this thread. */
    public void fail(Errno why) {
        end(why);
    }

    private void end(@Nullable Errno why) {
        // A loop, not a recursion: as many fences as a client likes may depend on each other in a row.
        Deque<Fence> ending = new ArrayDeque<>();
        finish(why, ending);
        while (!ending.isEmpty()) {
            ending.remove().finish(null, ending);
        }
    }

    private void finish(@Nullable Errno why, Deque<Fence> ending) {
        List<Callback> due;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            error = why;
            due = List.copyOf(callbacks);
            callbacks.clear();
            for (Fence dependent : dependents) {
                if (dependent.countDown()) {
                    ending.add(dependent);
                }
            }
            dependents.clear();
            notifyAll();
        }
        due.forEach(one -> one.action.run());
    }

    /**
     * Has another fence counted down when this one has ended.
     *
     * @throws DrmException with ENOMEM if too many depend on it
     */
    void addDependent(Fence dependent) {
        synchronized (this) {
            if (!ended) {
                if (dependents.size() >= MOST_DEPENDENTS) {
                    throw new DrmException(Errno.ENOMEM, "Too many depend on a fence: most=" + MOST_DEPENDENTS);
                }
                dependents.add(dependent);
                return;
            }
        }
        if (dependent.countDown()) {
            dependent.signal();
        }
    }

    /** One of those that this one depends on has ended; whether it was the last. */
    boolean countDown() {
        throw new IllegalStateException("Depends on no other fence");
    }

    /**
     * Has something run when the work has ended; at once, on this thread, if it has.
     *
     * @param callback quick; holds no lock that is held when this is called, or when fences are signalled
     * @return takes it back, if it has not run
     */
    public Cancel whenSignalled(Runnable callback) {
        synchronized (this) {
            if (!ended) {
                Callback added = new Callback(callback);
                callbacks.add(added);
                return () -> cancel(added);
            }
        }
        callback.run();
        return () -> {};
    }

    private synchronized void cancel(Callback callback) {
        boolean _ = callbacks.remove(callback);
    }

    /**
     * Waits for the end.
     *
     * @param deadlineNs by {@link System#nanoTime}
     * @return whether the work has ended
     */
    public synchronized boolean await(long deadlineNs) throws InterruptedException {
        while (!ended) {
            long leftNs = deadlineNs - System.nanoTime();
            if (leftNs <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        }
        return true;
    }

    /** Equal to itself only, so that the same thing can be added twice. */
    private static final class Callback {
        private final Runnable action;

        private Callback(Runnable action) {
            this.action = action;
        }
    }

    /** Takes something back that was to run. */
    @FunctionalInterface
    public interface Cancel {
        /** Takes it back, if it has not run. Idempotent. */
        void cancel();
    }
}
