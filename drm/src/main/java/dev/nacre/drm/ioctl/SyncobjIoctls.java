package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/** Syncobjs: making, passing on, setting. HW: {@code drm.h}, {@code drm_syncobj.c}. */
public final class SyncobjIoctls {
    // HW: DRM_SYNCOBJ_* of drm.h
    private static final int CREATE_SIGNALED = 1;
    private static final int SYNC_FILE = 1;
    private static final int FD_OF_TIMELINE = 2;
    private static final int QUERY_LAST_SUBMITTED = 1;

    private SyncobjIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        return List.of(
                new Ioctl(0xbf, "DRM_IOCTL_SYNCOBJ_CREATE", 8, all, SyncobjIoctls::create),
                new Ioctl(0xc0, "DRM_IOCTL_SYNCOBJ_DESTROY", 8, all, SyncobjIoctls::destroy),
                new Ioctl(0xc1, "DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD", 24, all, SyncobjIoctls::handleToFd),
                new Ioctl(0xc2, "DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE", 24, all, SyncobjIoctls::fdToHandle),
                new Ioctl(0xc4, "DRM_IOCTL_SYNCOBJ_RESET", 16, all, SyncobjIoctls::reset),
                new Ioctl(0xc5, "DRM_IOCTL_SYNCOBJ_SIGNAL", 16, all, SyncobjIoctls::signal),
                new Ioctl(0xcb, "DRM_IOCTL_SYNCOBJ_QUERY", 24, all, SyncobjIoctls::query),
                new Ioctl(0xcc, "DRM_IOCTL_SYNCOBJ_TRANSFER", 32, all, SyncobjIoctls::transfer),
                new Ioctl(0xcd, "DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL", 24, all, SyncobjIoctls::timelineSignal));
    }

    private static void create(IoctlCall call) {
        SyncobjArrays.requireBinary(call);
        int flags = call.arg().get(JAVA_INT, 4);
        requireZero(flags & ~CREATE_SIGNALED);
        Syncobj made = new Syncobj();
        if (flags == CREATE_SIGNALED) {
            made.replace(Fence.signalled());
        }
        call.arg().set(JAVA_INT, 0, call.file().syncobjs().create(made));
    }

    private static void destroy(IoctlCall call) {
        SyncobjArrays.requireBinary(call);
        requireZero(call.arg().get(JAVA_INT, 4));
        call.file().syncobjs().remove(call.arg().get(JAVA_INT, 0));
    }

    private static void handleToFd(IoctlCall call) {
        SyncobjArrays.requireBinary(call);
        MemorySegment arg = call.arg();
        int flags = requireFdFlags(arg);
        long point = arg.get(JAVA_LONG, 16);
        Fd made;
        if ((flags & SYNC_FILE) != 0) {
            Fence fence = call.file().syncobjs().lookup(arg.get(JAVA_INT, 0)).require(pointOf(flags, point));
            made = call.file().device().syncFiles().export(fence, call.file().descriptors());
        } else {
            requireZero(point);
            Syncobj syncobj = lookupOrInvalid(call.file(), arg.get(JAVA_INT, 0));
            made = call.file()
                    .device()
                    .syncobjFiles()
                    .export(syncobj, call.file().descriptors());
        }
        call.user().giveFd(made, true, new NumberPlace.InArg(8));
    }

    private static void fdToHandle(IoctlCall call) {
        SyncobjArrays.requireBinary(call);
        MemorySegment arg = call.arg();
        int flags = requireFdFlags(arg);
        long point = arg.get(JAVA_LONG, 16);
        if ((flags & SYNC_FILE) == 0) {
            requireZero(point);
        }
        try (Fd given = takeOrInvalid(call, arg.get(JAVA_INT, 8))) {
            if ((flags & SYNC_FILE) != 0) {
                Fence fence = call.file().device().syncFiles().find(given);
                Syncobj syncobj = call.file().syncobjs().lookup(arg.get(JAVA_INT, 0));
                set(call.file(), syncobj, fence, pointOf(flags, point));
            } else {
                Syncobj syncobj = call.file().device().syncobjFiles().find(given);
                arg.set(JAVA_INT, 0, call.file().syncobjs().create(syncobj));
            }
        }
    }

    private static int requireFdFlags(MemorySegment arg) {
        int flags = arg.get(JAVA_INT, 4);
        requireZero(arg.get(JAVA_INT, 12));
        requireZero(flags & ~(SYNC_FILE | FD_OF_TIMELINE));
        return flags;
    }

    private static long pointOf(int flags, long point) {
        return (flags & FD_OF_TIMELINE) != 0 ? point : 0;
    }

    /** The kernel says so here, where it says ENOENT elsewhere. */
    private static Syncobj lookupOrInvalid(DrmFile file, int handle) {
        Syncobj found = file.syncobjs().find(handle);
        if (found == null) {
            throw new DrmException(Errno.EINVAL, "No such syncobj: handle=" + Integer.toUnsignedString(handle));
        }
        return found;
    }

    private static Fd takeOrInvalid(IoctlCall call, int number) {
        try {
            return call.user().takeFd(number);
        } catch (DrmException e) {
            throw e.errno() == Errno.EBADF ? new DrmException(Errno.EINVAL, "No such descriptor: " + number) : e;
        }
    }

    private static void reset(IoctlCall call) {
        SyncobjArrays.requireBinary(call);
        requireZero(call.arg().get(JAVA_INT, 12));
        for (Syncobj syncobj : SyncobjArrays.syncobjs(
                call, call.arg().get(JAVA_LONG, 0), call.arg().get(JAVA_INT, 8))) {
            syncobj.replace(null);
        }
    }

    private static void signal(IoctlCall call) {
        SyncobjArrays.requireBinary(call);
        requireZero(call.arg().get(JAVA_INT, 12));
        for (Syncobj syncobj : SyncobjArrays.syncobjs(
                call, call.arg().get(JAVA_LONG, 0), call.arg().get(JAVA_INT, 8))) {
            syncobj.replace(Fence.signalled());
        }
    }

    private static void timelineSignal(IoctlCall call) {
        SyncobjArrays.requireTimeline(call);
        requireZero(call.arg().get(JAVA_INT, 20));
        List<Syncobj> syncobjs = SyncobjArrays.syncobjs(
                call, call.arg().get(JAVA_LONG, 0), call.arg().get(JAVA_INT, 16));
        long[] points = SyncobjArrays.points(call, call.arg().get(JAVA_LONG, 8), syncobjs.size());
        call.file().backlog().require(points.length);
        syncobjs.forEach(Syncobj::requireRoom);
        for (int i = 0; i < points.length; i++) {
            syncobjs.get(i).addPoint(Fence.signalled(), points[i], call.file().backlog());
        }
    }

    private static void query(IoctlCall call) {
        SyncobjArrays.requireTimeline(call);
        int flags = call.arg().get(JAVA_INT, 20);
        requireZero(flags & ~QUERY_LAST_SUBMITTED);
        List<Syncobj> syncobjs = SyncobjArrays.syncobjs(
                call, call.arg().get(JAVA_LONG, 0), call.arg().get(JAVA_INT, 16));
        long[] points = new long[syncobjs.size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = flags == QUERY_LAST_SUBMITTED
                    ? syncobjs.get(i).newestPoint()
                    : syncobjs.get(i).reachedPoint();
        }
        call.user().copyOut(call.arg().get(JAVA_LONG, 8), MemorySegment.ofArray(points));
    }

    private static void transfer(IoctlCall call) throws InterruptedException {
        SyncobjArrays.requireTimeline(call);
        MemorySegment arg = call.arg();
        requireZero(arg.get(JAVA_INT, 28));
        Syncobj to = call.file().syncobjs().lookup(arg.get(JAVA_INT, 4));
        Syncobj from = call.file().syncobjs().lookup(arg.get(JAVA_INT, 0));
        Fence fence = SyncobjWait.submitted(call.file(), from, arg.get(JAVA_LONG, 8), arg.get(JAVA_INT, 24));
        set(call.file(), to, fence, arg.get(JAVA_LONG, 16));
    }

    /** At a point, or for 0 instead of all that there was. */
    private static void set(DrmFile file, Syncobj syncobj, Fence fence, long point) {
        if (point == 0) {
            syncobj.replace(fence);
        } else {
            file.backlog().require(1);
            syncobj.requireRoom();
            syncobj.addPoint(fence, point, file.backlog());
        }
    }

    private static void requireZero(long value) {
        if (value != 0) {
            throw new DrmException(Errno.EINVAL);
        }
    }
}
