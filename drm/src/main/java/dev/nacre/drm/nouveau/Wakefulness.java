package dev.nacre.drm.nouveau;

import dev.nacre.drm.sync.Fence;
import java.util.concurrent.TimeUnit;

/**
 * Whether the board sleeps with its host: work begins only while it is awake, and it goes to sleep only when no work is about
 * to begin. Any thread.
 */
final class Wakefulness {
    // TIMEOUT: handing work to the core takes some microseconds, unless a channel is full; who then cannot come to
    // rest does not sleep, as the core will find
    private static final long BEGINNING_NS = 1_000_000_000L;

    // Guarded by this.
    private Fence awake = Fence.signalled();
    private int beginning;

    /** Ends when the board wakes; has ended if it is awake. */
    synchronized Fence awake() {
        return awake;
    }

    /** Work is about to begin; false if the board sleeps, true if {@link #begun} is to follow. */
    synchronized boolean tryBegin() {
        if (!awake.isSignalled()) {
            return false;
        }
        beginning++;
        return true;
    }

    /** Work has begun. */
    synchronized void begun() {
        beginning--;
        notifyAll();
    }

    /** The board is about to sleep. */
    synchronized void sleep() {
        if (awake.isSignalled()) {
            awake = new Fence();
        }
        long end = System.nanoTime() + BEGINNING_NS;
        try {
            while (beginning > 0 && end - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The board is awake, or has gone. */
    void wake() {
        awake().signal();
    }
}
