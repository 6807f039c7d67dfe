package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.Display;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Counts the vertical blanks of a head, and calls those who wait for one. While nobody waits, the head tells none, and
 * they are counted by the time that has passed. Any thread may call.
 */
final class Vblanks {
    private static final System.Logger LOG = System.getLogger(Vblanks.class.getName());

    private final Display display;
    private final int head;

    // Guarded by this.
    private final List<Waiter> waiters = new ArrayList<>();
    private long count;
    private long lastNs;
    private long frameNs;
    private boolean enabled;

    /**
     * A moment.
     *
     * @param count of the vertical blank
     * @param timeNs when it began, by {@link System#nanoTime}
     */
    record Moment(long count, long timeNs) {}

    /** Waits for a vertical blank. */
    @FunctionalInterface
    interface Callback {
        /** It has come, or the head was turned off. Quick. */
        void reached(Moment moment);
    }

    private record Waiter(long target, Callback callback, Object owner) {}

    Vblanks(Display display, int head) {
        this.display = display;
        this.head = head;
    }

    /** Whether the head scans. */
    synchronized boolean isRunning() {
        return frameNs > 0;
    }

    /** The head scans by a new mode from now on, or not any more if a frame takes 0. Ends all waits. */
    void scan(long nextFrameNs) {
        List<Waiter> due;
        Moment moment;
        synchronized (this) {
            moment = now();
            frameNs = nextFrameNs;
            lastNs = System.nanoTime();
            due = List.copyOf(waiters);
            waiters.clear();
            enable(false);
        }
        due.forEach(waiter -> waiter.callback.reached(moment));
    }

    /** The last vertical blank. */
    synchronized Moment now() {
        if (frameNs > 0) {
            long frames = (System.nanoTime() - lastNs) / frameNs;
            // While the head tells, one that is a little late is counted when it comes.
            if (frames > 0 && !enabled) {
                count += frames;
                lastNs += frames * frameNs;
            }
        }
        return new Moment(count, lastNs);
    }

    /** A flip was done: a vertical blank later than the last flip's. */
    synchronized Moment flipped(long afterCount) {
        Moment moment = now();
        if (moment.count() <= afterCount) {
            count = afterCount + 1;
            lastNs = System.nanoTime();
        }
        return new Moment(count, lastNs);
    }

    /** Calls somebody at a vertical blank; at once if that has been. */
    void at(long target, Object owner, Callback callback) {
        Moment moment;
        synchronized (this) {
            moment = now();
            if (moment.count() < target && frameNs > 0) {
                waiters.add(new Waiter(target, callback, owner));
                enable(true);
                return;
            }
        }
        callback.reached(moment);
    }

    /** Forgets those who wait for somebody. */
    synchronized void forget(Object owner) {
        waiters.removeIf(waiter -> waiter.owner.equals(owner));
    }

    /** The head tells that one has begun. */
    void tell(long timeNs) {
        List<Waiter> due = new ArrayList<>();
        Moment moment;
        synchronized (this) {
            if (frameNs <= 0) {
                return;
            }
            long frames = Math.max(0, (timeNs - lastNs + frameNs / 2) / frameNs);
            if (frames > 0) {
                count += frames;
                lastNs = timeNs;
            }
            moment = new Moment(count, lastNs);
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (waiter.target <= count) {
                    all.remove();
                    due.add(waiter);
                }
            }
            if (waiters.isEmpty()) {
                enable(false);
            }
        }
        due.forEach(waiter -> waiter.callback.reached(moment));
    }

    private void enable(boolean wanted) {
        if (enabled == wanted) {
            return;
        }
        enabled = wanted;
        try {
            display.vblankEvents(head, wanted);
        } catch (CoreException e) {
            LOG.log(Level.DEBUG, "A head does not tell its vertical blanks", e);
        }
    }
}
