package dev.nacre.drm;

import dev.nacre.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * How many of some things there may be. A file's is a part of its device's, so that neither one client nor many can have this
 * process run out of what others need. Any thread may call.
 */
public final class Quota {
    private final int most;
    private final Errno errno;
    private final @Nullable Quota whole;

    // Guarded by this.
    private int used;

    /**
     * One of which nothing is used.
     *
     * @param errno what a client sees that wants more
     * @param whole of which it is a part; null if of none
     */
    public Quota(int most, Errno errno, @Nullable Quota whole) {
        this.most = most;
        this.errno = errno;
        this.whole = whole;
    }

    /**
     * Checks that there is room now.
     *
     * @throws DrmException if there is not
     */
    public void require(int count) {
        synchronized (this) {
            requireOwn(count);
        }
        if (whole != null) {
            whole.require(count);
        }
    }

    private void requireOwn(int count) {
        if (count > most - used) {
            throw new DrmException(errno, "Too many wait, or are in use: most=" + most + " used=" + used);
        }
    }

    /**
     * Uses some.
     *
     * @throws DrmException if there is no room
     */
    public void take(int count) {
        synchronized (this) {
            requireOwn(count);
            used += count;
        }
        if (whole != null) {
            try {
                whole.take(count);
            } catch (DrmException e) {
                synchronized (this) {
                    used -= count;
                }
                throw e;
            }
        }
    }

    /** Uses some, room or not: for what must not fail, after {@link #require} of as many. */
    public void add(int count) {
        synchronized (this) {
            used += count;
        }
        if (whole != null) {
            whole.add(count);
        }
    }

    /** Gives some back: as many as were used. */
    public void give(int count) {
        add(-count);
    }

    /** How many are used. */
    public synchronized int used() {
        return used;
    }
}
