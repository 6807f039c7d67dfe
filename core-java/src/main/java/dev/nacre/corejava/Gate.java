package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.WatchedGpu;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Lets one operation at a time at what the core shares out, and none while the core sleeps or after its end. What waits
 * for a channel's work or for clients does not hold it.
 */
final class Gate {
    /** What becomes of a core. */
    enum State {
        /** All is allowed. */
        RUNNING,
        /** Nothing that reaches the GPU is. */
        SUSPENDED,
        /** No new attachments; those that there are clean up. */
        CLOSING,
        /** Nothing is. */
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final WatchedGpu live;
    private volatile State state = State.RUNNING;

    Gate(WatchedGpu live) {
        this.live = live;
    }

    State state() {
        return state;
    }

    /** Sets the state. With the lock. */
    void state(State next) {
        state = next;
        changed.signalAll();
    }

    /** Tells those who wait that something has changed. With the lock. */
    void signal() {
        changed.signalAll();
    }

    /** Waits until something holds, at most so long. */
    void await(BooleanSupplier condition, long timeoutNs) {
        lock.lock();
        try {
            long left = timeoutNs;
            while (!condition.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** @throws CoreException with GONE or SUSPENDED if the GPU cannot be reached; also without the lock */
    void check() {
        State now = state;
        if (live.isLost() || now == State.CLOSED) {
            throw new CoreException(CoreError.GONE, live.isLost() ? "The GPU has gone" : "The core was closed");
        }
        if (now == State.SUSPENDED) {
            throw new CoreException(CoreError.SUSPENDED, "The GPU sleeps");
        }
    }

    /** Does something with the GPU. */
    <T> T use(Supplier<T> action) {
        return locked(() -> {
            check();
            return action.get();
        });
    }

    /** Does something with the lock. */
    <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Does something with the lock. */
    void run(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
