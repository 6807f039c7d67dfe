package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.IdTable;
import dev.nacre.linux.Errno;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file's syncobjs: numbers from 1. Any thread may call. */
public final class SyncobjTable {
    /** Most syncobjs that a file can have. */
    public static final int MOST = 1 << 16;

    private static final int MOST_WAITING = 1 << 10;

    // Guarded by this.
    private final IdTable<Syncobj> syncobjs = new IdTable<>(MOST);
    private final Set<Runnable> waiting = new HashSet<>();
    private boolean closed;

    /** A file's table, empty. */
    public SyncobjTable() {}

    /**
     * Makes a handle.
     *
     * @throws DrmException with ENOMEM if there are too many
     */
    public synchronized int create(Syncobj syncobj) {
        return syncobjs.add(syncobj);
    }

    /**
     * The syncobj of a handle.
     *
     * @throws DrmException with ENOENT if there is none
     */
    public synchronized Syncobj lookup(int handle) {
        Syncobj found = syncobjs.find(handle);
        if (found == null) {
            throw new DrmException(Errno.ENOENT, "No such syncobj: handle=" + Integer.toUnsignedString(handle));
        }
        return found;
    }

    /** The syncobj of a handle; null if there is none. */
    public synchronized @Nullable Syncobj find(int handle) {
        return syncobjs.find(handle);
    }

    /**
     * Takes a handle away.
     *
     * @throws DrmException with EINVAL if there is none
     */
    public synchronized void remove(int handle) {
        if (syncobjs.remove(handle) == null) {
            throw new DrmException(Errno.EINVAL, "No such syncobj: handle=" + Integer.toUnsignedString(handle));
        }
    }

    /** How many there are. */
    public synchronized int count() {
        return syncobjs.count();
    }

    /**
     * Something waits in the file's name, and has to stop when the file closes.
     *
     * @param stop stops it
     * @throws DrmException with ENOMEM if too many things wait; it was not added then
     */
    public void addWaiting(Runnable stop) {
        synchronized (this) {
            if (!closed) {
                if (waiting.size() >= MOST_WAITING) {
                    throw new DrmException(Errno.ENOMEM, "Too many wait: most=" + MOST_WAITING);
                }
                waiting.add(stop);
                return;
            }
        }
        stop.run();
    }

    /** It waits no more. */
    public synchronized void removeWaiting(Runnable stop) {
        boolean _ = waiting.remove(stop);
    }

    /** Takes all away, and stops what waits. Idempotent. */
    public void close() {
        Set<Runnable> due;
        synchronized (this) {
            closed = true;
            boolean _ = syncobjs.drain().isEmpty();
            due = Set.copyOf(waiting);
            waiting.clear();
        }
        due.forEach(Runnable::run);
    }
}
