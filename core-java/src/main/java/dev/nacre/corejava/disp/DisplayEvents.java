package dev.nacre.corejava.disp;

import dev.nacre.core.DisplayListener;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Tells a listener of a display's events by a thread of its own; those of a kind that it has not taken yet, once. */
public final class DisplayEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DisplayEvents.class.getName());
    private static final int HEADS = 32;

    private final DisplayListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock.
    private final long[] timeNs = new long[HEADS];
    private int blanks;
    private boolean plugged;
    private boolean closed;

    /** Begins to tell. */
    public DisplayEvents(DisplayListener listener) {
        this.listener = listener;
        Thread.ofPlatform().name("nacre-core-display").daemon().start(this::serve);
    }

    /** Vertical blanks of heads have begun now, a bit each. Any thread. */
    public void vblank(int heads) {
        long now = System.nanoTime();
        lock.lock();
        try {
            blanks |= heads;
            for (int rest = heads; rest != 0; rest &= rest - 1) {
                timeNs[Integer.numberOfTrailingZeros(rest)] = now;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Monitors were plugged in or out. Any thread. */
    public void hotplug() {
        lock.lock();
        try {
            plugged = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        while (tellNext()) {
            // Until the end.
        }
    }

    private boolean tellNext() {
        int head = -1;
        long time = 0;
        lock.lock();
        try {
            while (blanks == 0 && !plugged && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return false;
            }
            if (blanks != 0) {
                head = Integer.numberOfTrailingZeros(blanks);
                time = timeNs[head];
                blanks &= blanks - 1;
            } else {
                plugged = false;
            }
        } finally {
            lock.unlock();
        }
        try {
            if (head >= 0) {
                listener.vblank(head, time);
            } else {
                listener.hotplug();
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "A display's listener failed", e);
        }
        return true;
    }

    /** Tells nothing any more; what the listener was told last it may still be busy with. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
