package dev.nacre.drm.sync;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Timeline;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.thread.Joining;
import dev.nacre.linux.Errno;
import java.time.Duration;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Fences of the points of a timeline that channels get on with. A thread waits for the lowest of them. Any thread may call.
 */
public final class TimelineFences implements AutoCloseable {
    // TIMEOUT: only how often the thread looks whether it is still wanted; a point ends the wait at once.
    private static final Duration LOOK = Duration.ofSeconds(5);

    private record Pending(long point, Fence fence) implements Comparable<Pending> {
        @Override
        public int compareTo(Pending other) {
            return Long.compareUnsigned(point, other.point);
        }
    }

    private final Timeline timeline;
    private final Thread thread;

    // Guarded by this.
    private final PriorityQueue<Pending> pending = new PriorityQueue<>();
    private boolean closed;

    /**
     * Starts the thread.
     *
     * @param timeline stays the caller's, who closes it after this
     * @param name the thread's name
     */
    public TimelineFences(Timeline timeline, String name) {
        this.timeline = timeline;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
        thread.start();
    }

    /** The timeline. */
    public Timeline timeline() {
        return timeline;
    }

    /**
     * A fence that is signalled when the timeline reaches a point, and fails if it never will.
     *
     * @param point one that was submitted
     */
    public synchronized Fence at(long point) {
        Fence fence = new Fence();
        if (closed) {
            fence.fail(Errno.ECANCELED);
        } else {
            pending.add(new Pending(point, fence));
            notifyAll();
        }
        return fence;
    }

    /** Ends the thread. What is pending fails. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
        if (!thread.equals(Thread.currentThread())) {
            Joining.join(thread);
        }
    }

    private void run() {
        try {
            for (Pending next = next(); next != null; next = next()) {
                end(next);
            }
        } catch (InterruptedException e) {
            // Only close() interrupts.
        }
        Pending left;
        while ((left = poll()) != null) {
            left.fence.fail(Errno.ECANCELED);
        }
    }

    private synchronized @Nullable Pending next() throws InterruptedException {
        while (pending.isEmpty() && !closed) {
            wait();
        }
        return closed ? null : pending.peek();
    }

    private synchronized @Nullable Pending poll() {
        return pending.poll();
    }

    private void end(Pending lowest) throws InterruptedException {
        try {
            if (!timeline.await(lowest.point, LOOK)) {
                return;
            }
        } catch (CoreException e) {
            fail(
                    lowest,
                    e.error() == CoreError.IO ? Errno.EIO : DrmException.of(e).errno());
            return;
        }
        remove(lowest);
        lowest.fence.signal();
    }

    private void fail(Pending lowest, Errno why) {
        remove(lowest);
        lowest.fence.fail(why);
    }

    private synchronized void remove(Pending one) {
        boolean _ = pending.remove(one);
    }
}
