package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Waiting for syncobjs. HW: {@code drm.h}, {@code drm_syncobj.c}. */
public final class SyncobjWaitIoctls {
    private SyncobjWaitIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        return List.of(
                new Ioctl(0xc3, "DRM_IOCTL_SYNCOBJ_WAIT", 40, all, SyncobjWaitIoctls::await),
                new Ioctl(0xca, "DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT", 48, all, SyncobjWaitIoctls::awaitTimelines),
                new Ioctl(0xcf, "DRM_IOCTL_SYNCOBJ_EVENTFD", 24, all, SyncobjWaitIoctls::eventfd));
    }

    private static void await(IoctlCall call) throws InterruptedException {
        SyncobjArrays.requireBinary(call);
        MemorySegment arg = call.arg();
        int flags =
                requireFlags(arg.get(JAVA_INT, 20), SyncobjWait.ALL | SyncobjWait.FOR_SUBMIT | SyncobjWait.DEADLINE);
        List<Syncobj> syncobjs = SyncobjArrays.syncobjs(call, arg.get(JAVA_LONG, 0), arg.get(JAVA_INT, 16));
        SyncobjWait wait = new SyncobjWait(call.file(), syncobjs, new long[syncobjs.size()], flags);
        arg.set(JAVA_INT, 24, wait.await(deadline(arg.get(JAVA_LONG, 8))));
    }

    private static void awaitTimelines(IoctlCall call) throws InterruptedException {
        SyncobjArrays.requireTimeline(call);
        MemorySegment arg = call.arg();
        int flags = requireFlags(
                arg.get(JAVA_INT, 28),
                SyncobjWait.ALL | SyncobjWait.FOR_SUBMIT | SyncobjWait.AVAILABLE | SyncobjWait.DEADLINE);
        List<Syncobj> syncobjs = SyncobjArrays.syncobjs(call, arg.get(JAVA_LONG, 0), arg.get(JAVA_INT, 24));
        long[] points = SyncobjArrays.points(call, arg.get(JAVA_LONG, 8), syncobjs.size());
        SyncobjWait wait = new SyncobjWait(call.file(), syncobjs, points, flags);
        arg.set(JAVA_INT, 32, wait.await(deadline(arg.get(JAVA_LONG, 16))));
    }

    private static int requireFlags(int flags, int allowed) {
        if ((flags & ~allowed) != 0) {
            throw new DrmException(Errno.EINVAL);
        }
        return flags;
    }

    /** Clients give the time of CLOCK_MONOTONIC, which is what {@link System#nanoTime} reads on Linux; 0 to look only. */
    private static long deadline(long absoluteNs) {
        long nowNs = System.nanoTime();
        return absoluteNs <= nowNs ? nowNs : absoluteNs;
    }

    private static void eventfd(IoctlCall call) {
        SyncobjArrays.requireTimeline(call);
        MemorySegment arg = call.arg();
        int flags = requireFlags(arg.get(JAVA_INT, 4), SyncobjWait.AVAILABLE);
        if (arg.get(JAVA_INT, 20) != 0) {
            throw new DrmException(Errno.EINVAL);
        }
        Syncobj syncobj = call.file().syncobjs().lookup(arg.get(JAVA_INT, 0));
        EventFd event = adopt(call.user().takeFd(arg.get(JAVA_INT, 16)));
        EventfdWait wait = new EventfdWait(call.file(), event, (flags & SyncobjWait.AVAILABLE) != 0);
        wait.begin(syncobj, arg.get(JAVA_LONG, 8));
    }

    private static EventFd adopt(Fd fd) {
        try {
            return EventFd.adopt(fd);
        } catch (IllegalArgumentException e) {
            throw new DrmException(Errno.EINVAL, String.valueOf(e.getMessage()));
        }
    }

    /** An eventfd that is signalled once, when a point is there or reached. */
    private static final class EventfdWait implements Runnable {
        private final DrmFile file;
        private final EventFd event;
        private final boolean available;

        // Guarded by this.
        private final List<Fence.Cancel> cancels = new ArrayList<>(2);
        private boolean stopped;

        private EventfdWait(DrmFile file, EventFd event, boolean available) {
            this.file = file;
            this.event = event;
            this.available = available;
        }

        private void begin(Syncobj syncobj, long point) {
            try {
                file.syncobjs().addWaiting(this);
            } catch (DrmException e) {
                event.close();
                throw e;
            }
            toCancel(syncobj.whenAvailable(point, this::found));
        }

        private void found(Fence fence) {
            if (available) {
                signal();
            } else {
                toCancel(fence.whenSignalled(this::signal));
            }
        }

        private void signal() {
            event.signal(file.device().signaller());
            file.syncobjs().removeWaiting(this);
            run();
        }

        private void toCancel(Fence.Cancel cancel) {
            synchronized (this) {
                if (!stopped) {
                    cancels.add(cancel);
                    return;
                }
            }
            cancel.cancel();
        }

        /** Stops it. */
        @Override
        public void run() {
            List<Fence.Cancel> due;
            synchronized (this) {
                stopped = true;
                due = List.copyOf(cancels);
            }
            due.forEach(Fence.Cancel::cancel);
            event.close();
        }
    }
}
