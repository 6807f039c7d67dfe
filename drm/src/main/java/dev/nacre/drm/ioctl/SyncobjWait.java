package dev.nacre.drm.ioctl;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Quota;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One thread's wait for points of syncobjs. */
final class SyncobjWait {
    // HW: DRM_SYNCOBJ_WAIT_FLAGS_* of drm.h
    static final int ALL = 1;
    static final int FOR_SUBMIT = 2;
    static final int AVAILABLE = 4;
    static final int DEADLINE = 8;

    // TIMEOUT: as the kernel waits for a submission that others are to wait for: drm_syncobj.c,
    // DRM_SYNCOBJ_WAIT_FOR_SUBMIT_TIMEOUT
    private static final long SUBMIT_NS = TimeUnit.SECONDS.toNanos(5);

    private final Quota backlog;
    private final List<Syncobj> syncobjs;
    private final long[] points;
    private final int flags;

    // Guarded by this.
    private final List<Fence.Cancel> cancels = new ArrayList<>();
    private final @Nullable Fence[] fences;
    private boolean news;
    private boolean over;

    SyncobjWait(DrmFile file, List<Syncobj> syncobjs, long[] points, int flags) {
        this.backlog = file.backlog();
        this.syncobjs = syncobjs;
        this.points = points;
        this.flags = flags;
        this.fences = new Fence[points.length];
    }

    /**
     * The fence of a point, which is waited for if the flags say so.
     *
     * @throws DrmException with EINVAL if there is none; with ETIME if there is none after some seconds
     */
    static Fence submitted(DrmFile file, Syncobj syncobj, long point, int flags) throws InterruptedException {
        if ((flags & FOR_SUBMIT) == 0) {
            return syncobj.require(point);
        }
        SyncobjWait wait = new SyncobjWait(file, List.of(syncobj), new long[] {point}, FOR_SUBMIT | AVAILABLE);
        int _ = wait.await(System.nanoTime() + SUBMIT_NS);
        synchronized (wait) {
            Fence found = wait.fences[0];
            if (found == null) {
                throw new DrmException(Errno.EINVAL);
            }
            return found;
        }
    }

    /**
     * Waits.
     *
     * @param deadlineNs by {@link System#nanoTime}
     * @return which of them ended the wait; if all had to, the first that was found to have ended at once, or -1
     * @throws DrmException with ETIME after the deadline; with EINVAL if a point does not exist, and is not waited for; with
     *     ENOMEM if too many are waited for
     */
    int await(long deadlineNs) throws InterruptedException {
        try {
            int first = look();
            if (first == Integer.MIN_VALUE) {
                first = -1;
            }
            int ended = ended();
            if (ended == points.length || (ended > 0 && (flags & ALL) == 0)) {
                return first;
            }
            backlog.take(points.length);
            try {
                listen();
                return waitForNews(first, deadlineNs);
            } finally {
                backlog.give(points.length);
            }
        } finally {
            cancelAll();
        }
    }

    /** Takes the fences that exist; the first one that has ended, or the lowest number if none has. */
    private int look() {
        int first = Integer.MIN_VALUE;
        for (int i = 0; i < points.length; i++) {
            Fence found = syncobjs.get(i).find(points[i]);
            if (found == null && (flags & (FOR_SUBMIT | AVAILABLE)) == 0) {
                throw new DrmException(Errno.EINVAL, "A syncobj has no such point");
            }
            synchronized (this) {
                fences[i] = found;
            }
            if (first < 0 && hasEnded(found)) {
                first = i;
            }
        }
        return first;
    }

    private boolean hasEnded(@Nullable Fence fence) {
        return fence != null && ((flags & AVAILABLE) != 0 || fence.isSignalled());
    }

    private synchronized int ended() {
        int count = 0;
        for (Fence fence : fences) {
            count += hasEnded(fence) ? 1 : 0;
        }
        return count;
    }

    private synchronized int firstEnded() {
        for (int i = 0; i < fences.length; i++) {
            if (hasEnded(fences[i])) {
                return i;
            }
        }
        return -1;
    }

    private void listen() {
        for (int i = 0; i < points.length; i++) {
            Fence known;
            synchronized (this) {
                known = fences[i];
            }
            if (known == null) {
                int index = i;
                toCancel(syncobjs.get(i).whenAvailable(points[i], found -> available(index, found)));
            } else {
                toCancel(known.whenSignalled(this::tell));
            }
        }
    }

    private void available(int index, Fence found) {
        synchronized (this) {
            fences[index] = found;
        }
        tell();
        if ((flags & AVAILABLE) == 0) {
            toCancel(found.whenSignalled(this::tell));
        }
    }

    /** Takes a callback back at the end of the wait, which may have come. */
    private void toCancel(Fence.Cancel cancel) {
        synchronized (this) {
            if (!over) {
                cancels.add(cancel);
                return;
            }
        }
        cancel.cancel();
    }

    private void cancelAll() {
        List<Fence.Cancel> due;
        synchronized (this) {
            over = true;
            due = List.copyOf(cancels);
        }
        due.forEach(Fence.Cancel::cancel);
    }

    private synchronized void tell() {
        news = true;
        notifyAll();
    }

    private int waitForNews(int first, long deadlineNs) throws InterruptedException {
        while (true) {
            synchronized (this) {
                news = false;
            }
            if ((flags & ALL) == 0) {
                int one = firstEnded();
                if (one >= 0) {
                    return one;
                }
            } else if (ended() == points.length) {
                return first;
            }
            synchronized (this) {
                while (!news) {
                    long leftNs = deadlineNs - System.nanoTime();
                    if (leftNs <= 0) {
                        throw new DrmException(Errno.ETIME);
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, leftNs);
                }
            }
        }
    }
}
