package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Timeline;
import dev.nacre.corejava.channel.HostChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A number that grows as channels get on. */
final class TimelineHandle extends Handle implements Timeline {
    private static final long LONGEST_WAIT_NS = Long.MAX_VALUE / 2;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final Set<Point> promised = new HashSet<>();
    private long value;
    private long newest;
    private long lost;
    private boolean closed;

    TimelineHandle(JavaAttachment attachment) {
        super(attachment);
    }

    @Override
    public long value() {
        requireOpen();
        lock.lock();
        try {
            return value;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean await(long point, Duration timeout) throws InterruptedException {
        requireOpen();
        long left = nanos(timeout);
        lock.lock();
        try {
            while (value < point) {
                if (closed) {
                    throw new CoreException(CoreError.STALE, "Timeline was freed");
                }
                if (lost >= point && promised.stream().noneMatch(one -> one.point >= point)) {
                    throw lostFor(point);
                }
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private CoreException lostFor(long point) {
        return core().parts().live().isLost()
                ? new CoreException(CoreError.GONE, "The GPU has gone")
                : new CoreException(CoreError.IO, "A channel failed or ended: point=" + point + " value=" + value);
    }

    private static long nanos(Duration timeout) {
        return timeout.compareTo(Duration.ofNanos(LONGEST_WAIT_NS)) > 0 ? LONGEST_WAIT_NS : timeout.toNanos();
    }

    @Override
    public void signal(long point) {
        requireOpen();
        lock.lock();
        try {
            if (point <= value) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Timeline has reached that point: point=" + point + " value=" + value);
            }
            reach(point);
        } finally {
            lock.unlock();
        }
    }

    private void reach(long point) {
        value = Math.max(value, point);
        changed.signalAll();
    }

    /** A host-side wait needs no GPU: it works also while that sleeps, and tells how it ended after it has gone. */
    private void requireOpen() {
        if (isFreed()) {
            throw new CoreException(CoreError.STALE, "Timeline was freed");
        }
    }

    /**
     * Takes note that a channel will reach a point.
     *
     * @throws CoreException with INVALID_ARGUMENT if it is not more than any before
     */
    Point promise(long point) {
        requireLive();
        lock.lock();
        try {
            if (point <= newest || point <= value) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Point is impossible: point=" + point + " allowed=more than " + Math.max(newest, value));
            }
            newest = point;
            Point made = new Point(point);
            promised.add(made);
            return made;
        } finally {
            lock.unlock();
        }
    }

    @Override
    String describe() {
        return "timeline";
    }

    @Override
    void release() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A point that a channel is to reach. */
    final class Point implements HostChannel.Completion {
        private final long point;

        private Point(long point) {
            this.point = point;
        }

        @Override
        public void completed() {
            end(() -> reach(point));
        }

        @Override
        public void failed() {
            end(() -> lost = Math.max(lost, point));
        }

        /** It was not submitted after all. */
        void withdraw() {
            end(() -> {});
        }

        private void end(Runnable change) {
            lock.lock();
            try {
                promised.remove(this);
                change.run();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
