package dev.nacre.core;

import java.time.Duration;

/** A number that only grows, by the work of channels or by its owner's word, and that can be waited for. */
public interface Timeline extends AutoCloseable {
    /** The point that it has reached. */
    long value();

    /**
     * Waits.
     *
     * @param point what it has to reach
     * @param timeout the longest wait; zero to look only
     * @return whether it has reached it
     * @throws CoreException with {@link CoreError#IO} if it never will, because a channel failed or ended
     * @throws InterruptedException if the thread was interrupted
     */
    boolean await(long point, Duration timeout) throws InterruptedException;

    /**
     * Has it reach a point.
     *
     * @param point more than the one it has reached
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if it has reached that already
     */
    void signal(long point);

    /** Frees it; those who wait get {@link CoreError#STALE}. Idempotent. */
    @Override
    void close();
}
