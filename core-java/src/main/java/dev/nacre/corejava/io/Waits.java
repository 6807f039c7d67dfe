package dev.nacre.corejava.io;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Bounded waits for what the GPU does not announce, with pauses between looks. Any thread. */
public final class Waits {
    private static final long FIRST_PAUSE_NS = 10_000;
    private static final long LONGEST_PAUSE_NS = 500_000;

    private Waits() {}

    /**
     * Looks until a condition holds, at first often, then less often. An interrupt of the thread does not end the wait,
     * and is kept.
     *
     * @param timeoutNs longest wait
     * @return whether it holds
     */
    public static boolean until(long timeoutNs, BooleanSupplier condition) {
        long start = System.nanoTime();
        long pauseNs = FIRST_PAUSE_NS;
        boolean interrupted = false;
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - start > timeoutNs) {
                    return condition.getAsBoolean();
                }
                // A pending interrupt would end each pause at once.
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(pauseNs);
                pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets time pass. */
    public static void pause(long ns) {
        long start = System.nanoTime();
        until(ns, () -> System.nanoTime() - start >= ns);
    }
}
