package dev.nacre.drm.sync;

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
    // Guarded by this.
    private final List<Callback> callbacks = new ArrayList<>(1);
    private final List<Fence> dependents = new ArrayList<>(1);
    private boolean ended;
    private long endedNs;
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

    /** When the work ended, by {@link System#nanoTime}, which is CLOCK_MONOTONIC; 0 if it has not ended. */
    public synchronized long endedNs() {
        return endedNs;
    }

    /** What it is made of; empty if it stands for work itself. */
    List<Fence> parts() {
        return List.of();
    }

    /** Why it fails, if all that it depends on has ended; null if it does not. */
    @Nullable
    Errno failure() {
        return null;
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
            Fence next = ending.remove();
            next.finish(next.failure(), ending);
        }
    }

    private void finish(@Nullable Errno why, Deque<Fence> ending) {
        List<Callback> due;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            endedNs = System.nanoTime();
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
        hasEnded();
        due.forEach(one -> one.action.run());
    }

    /** It has just ended. */
    void hasEnded() {}

    /** Has another fence counted down when this one has ended. */
    void addDependent(Fence dependent) {
        synchronized (this) {
            if (!ended) {
                dependents.add(dependent);
                return;
            }
        }
        if (dependent.countDown()) {
            dependent.end(dependent.failure());
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
