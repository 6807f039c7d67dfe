package dev.nacre.drm;

import dev.nacre.linux.Errno;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is master of a device, and whom it has let in. HW: {@code drm_auth.c}: the first file of a primary node becomes
 * master; others belong to the master of the time at which they were opened, who may authenticate them by a number that
 * they tell it. Any thread may call.
 */
public final class DrmMasters {
    /** A session of masters: those who share magic numbers, and the name that was set. */
    private static final class Master {
        private final Map<Integer, DrmFile> waiting = new HashMap<>();
        private boolean busIdSet;
        private int nextMagic = 1;
    }

    /** What a file of a primary node is to masters. */
    private static final class Standing {
        private Master master;
        private boolean own;
        private boolean was;
        private boolean authenticated;
        private int magic;

        private Standing(Master master) {
            this.master = master;
        }
    }

    /** Nobody is master. */
    DrmMasters() {}

    // Guarded by this.
    private final Map<DrmFile, Standing> standings = new HashMap<>();
    private @Nullable Master current;

    /** A file of the primary node was opened. */
    synchronized void opened(DrmFile file) {
        Master master = current;
        Standing standing = new Standing(master == null ? new Master() : master);
        standing.authenticated = file.opener().isRoot();
        standings.put(file, standing);
        if (master == null) {
            makeCurrent(standing);
        }
    }

    /** A file is closing. */
    synchronized void closed(DrmFile file) {
        Standing standing = standings.remove(file);
        if (standing == null) {
            return;
        }
        boolean _ = standing.master.waiting.remove(standing.magic, file);
        if (standing.own && standing.master == current) {
            current = null;
        }
    }

    /** Whether a file is the current master's. */
    synchronized boolean isCurrent(DrmFile file) {
        Standing standing = standings.get(file);
        return standing != null && isCurrent(standing);
    }

    /** Whether a file is authenticated. */
    synchronized boolean isAuthenticated(DrmFile file) {
        Standing standing = standings.get(file);
        return standing != null && standing.authenticated;
    }

    /**
     * DRM_IOCTL_SET_MASTER.
     *
     * @throws DrmException with EACCES if the caller is neither root nor was master by this file; with EBUSY if another
     *     file is master
     */
    public synchronized void set(DrmFile file, Credentials caller) {
        Standing standing = permitted(file, caller);
        if (isCurrent(standing)) {
            return;
        }
        if (current != null) {
            throw new DrmException(Errno.EBUSY, "Another file is master");
        }
        if (!standing.own) {
            boolean _ = standing.master.waiting.remove(standing.magic, file);
            standing.magic = 0;
            standing.master = new Master();
        }
        makeCurrent(standing);
    }

    /**
     * DRM_IOCTL_DROP_MASTER.
     *
     * @throws DrmException with EACCES as {@link #set}; with EINVAL if the file is not master
     */
    public synchronized void drop(DrmFile file, Credentials caller) {
        if (!isCurrent(permitted(file, caller))) {
            throw new DrmException(Errno.EINVAL, "Not master");
        }
        current = null;
    }

    /** The number by which the master can let a file in. */
    public synchronized int magic(DrmFile file) {
        Standing standing = standing(file);
        if (standing.magic == 0) {
            standing.magic = standing.master.nextMagic++;
            standing.master.waiting.put(standing.magic, file);
        }
        return standing.magic;
    }

    /**
     * The master lets the file with a number in.
     *
     * @throws DrmException with EINVAL if no file has the number, or it was used
     */
    public synchronized void authenticate(DrmFile master, int magic) {
        DrmFile file = standing(master).master.waiting.remove(magic);
        Standing standing = file == null ? null : standings.get(file);
        if (standing == null) {
            throw new DrmException(Errno.EINVAL, "No file waits with that number");
        }
        standing.authenticated = true;
    }

    /** The device's name is known to all of the file's master. */
    public synchronized void setBusId(DrmFile file) {
        standing(file).master.busIdSet = true;
    }

    /** Whether it is. */
    public synchronized boolean isBusIdSet(DrmFile file) {
        return standing(file).master.busIdSet;
    }

    private void makeCurrent(Standing standing) {
        current = standing.master;
        standing.own = true;
        standing.was = true;
        standing.authenticated = true;
    }

    private boolean isCurrent(Standing standing) {
        return standing.own && standing.master == current;
    }

    private Standing permitted(DrmFile file, Credentials caller) {
        Standing standing = standing(file);
        if (!caller.isRoot() && !(standing.was && file.opener().pid() == caller.pid())) {
            throw new DrmException(Errno.EACCES, "Neither root nor master before");
        }
        return standing;
    }

    private Standing standing(DrmFile file) {
        Standing standing = standings.get(file);
        if (standing == null) {
            throw new DrmException(Errno.EINVAL, "Not a file of the primary node");
        }
        return standing;
    }
}
