package dev.nacre.pci;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts the transfers that run on one generation of the map, so that the one who retires the generation can wait for
 * them. Entering and leaving are wait-free and allocate nothing; threads are spread over stripes so that copying threads
 * seldom share a cache line.
 *
 * <p>A reader enters, then checks that its generation is still the current one, and leaves again if it is not. The
 * retiring side first publishes the successor, then waits for the counters.
 */
final class Readers {
    private static final int STRIPES = 8;

    /** Two cache lines, in ints: neighbouring lines are fetched together. */
    private static final int STRIDE = 32;

    private final AtomicIntegerArray counts = new AtomicIntegerArray((STRIPES + 1) * STRIDE);
    private volatile @Nullable Thread waiter;

    /** Counts the calling thread in. */
    void enter() {
        // ORDERING: a sequentially consistent increment before the caller's second look at the current generation;
        // the retiring side writes the generation before it reads the counters. One of the two sees the other.
        counts.getAndIncrement(slot());
    }

    /** Counts the calling thread out; the same thread must have entered. */
    void exit() {
        counts.getAndDecrement(slot());
        Thread waiting = waiter;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Waits until every reader has left. Only for a generation that is no longer current, by one thread at a time.
     *
     * @param deadlineNs latest time to return, on {@link System#nanoTime}'s scale
     * @return whether all have left
     */
    boolean awaitEmpty(long deadlineNs) {
        waiter = Thread.currentThread();
        boolean interrupted = false;
        boolean empty = isEmpty();
        for (long leftNs = deadlineNs - System.nanoTime();
                !empty && leftNs > 0;
                leftNs = deadlineNs - System.nanoTime()) {
            LockSupport.parkNanos(this, leftNs);
            interrupted |= Thread.interrupted();
            empty = isEmpty();
        }
        waiter = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return empty;
    }

    /** Whether nobody is inside. A stripe once seen empty after retirement stays empty but for readers that turn back. */
    private boolean isEmpty() {
        for (int stripe = 1; stripe <= STRIPES; stripe++) {
            if (counts.get(stripe * STRIDE) != 0) {
                return false;
            }
        }
        return true;
    }

    /** The calling thread's counter; the first stride is left out, for it shares a line with the array's header. */
    private static int slot() {
        return (1 + ((int) Thread.currentThread().threadId() & (STRIPES - 1))) * STRIDE;
    }
}
