package dev.nacre.drm.nouveau;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.Quota;
import dev.nacre.drm.nouveau.Uapi.Sync;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Arrays of struct drm_nouveau_sync: what work waits for, and what is told its end. */
// HW: nouveau_sched.c, for which error is which
final class Syncs {
    // GUEST: more than clients that mean it have
    private static final int MOST = 4096;

    private Syncs() {}

    /** What is told the end of work. */
    record Out(Syncobj syncobj, boolean isTimeline, long point) {
        void attach(Fence end, Quota payer) {
            if (isTimeline) {
                syncobj.addPoint(end, point, payer);
            } else {
                syncobj.replace(end);
            }
        }
    }

    /**
     * Reads an array out of the client's memory.
     *
     * @param count how many elements, unsigned
     * @param most how many there can be
     * @param bytes of each
     * @throws DrmException with EFAULT if it is not there; with ENOMEM if it is too long
     */
    static MemorySegment array(IoctlCall call, long address, int count, int most, int bytes) {
        if (Integer.compareUnsigned(count, most) > 0) {
            throw new DrmException(Errno.ENOMEM, "Too many elements: count=" + Integer.toUnsignedString(count));
        }
        MemorySegment all = MemorySegment.ofArray(new byte[count * bytes]);
        if (count > 0) {
            call.user().copyIn(address, all);
        }
        return all;
    }

    /**
     * The fences that work waits for.
     *
     * @throws DrmException with EOPNOTSUPP for another kind; with ENOENT if there is no such syncobj; with EINVAL if it
     *     has no such point yet
     */
    static List<Fence> waits(IoctlCall call, long address, int count) {
        MemorySegment all = array(call, address, count, MOST, Sync.BYTES);
        List<Fence> fences = new ArrayList<>();
        for (long at = 0; at < all.byteSize(); at += Sync.BYTES) {
            boolean isTimeline = isTimeline(all, at, Errno.EOPNOTSUPP);
            long point = isTimeline ? Uapi.int64(all, at + Sync.TIMELINE_VALUE) : 0;
            fences.add(call.file()
                    .syncobjs()
                    .lookup(Uapi.int32(all, at + Sync.HANDLE))
                    .require(point));
        }
        return fences;
    }

    /**
     * The syncobjs that are told the end.
     *
     * @throws DrmException with EINVAL for another kind; with ENOENT if there is no such syncobj; with ENOMEM if too many of
     *     its points have not been reached
     */
    static List<Out> signals(IoctlCall call, long address, int count) {
        MemorySegment all = array(call, address, count, MOST, Sync.BYTES);
        List<Out> outs = new ArrayList<>();
        for (long at = 0; at < all.byteSize(); at += Sync.BYTES) {
            boolean isTimeline = isTimeline(all, at, Errno.EINVAL);
            Syncobj syncobj = call.file().syncobjs().lookup(Uapi.int32(all, at + Sync.HANDLE));
            if (isTimeline) {
                syncobj.requireRoom();
            }
            outs.add(new Out(syncobj, isTimeline, Uapi.int64(all, at + Sync.TIMELINE_VALUE)));
        }
        return outs;
    }

    private static boolean isTimeline(MemorySegment all, long at, Errno otherwise) {
        return switch (Uapi.int32(all, at + Sync.FLAGS) & Sync.TYPE_MASK) {
            case Sync.BINARY -> false;
            case Sync.TIMELINE -> true;
            default -> throw new DrmException(otherwise, "Kind of syncobj is unknown");
        };
    }
}
