package dev.nacre.drm.ioctl;

import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Arrays of handles and points in a client's memory. */
final class SyncobjArrays {
    private static final int MOST = 1 << 16;

    private SyncobjArrays() {}

    static void requireBinary(IoctlCall call) {
        require(call, DriverFeature.SYNCOBJ);
    }

    static void requireTimeline(IoctlCall call) {
        require(call, DriverFeature.SYNCOBJ_TIMELINE);
    }

    private static void require(IoctlCall call, DriverFeature feature) {
        if (!call.file().device().has(feature)) {
            throw new DrmException(Errno.EOPNOTSUPP);
        }
    }

    /** The syncobjs whose handles a client has at an address. */
    static List<Syncobj> syncobjs(IoctlCall call, long address, int count) {
        if (count == 0) {
            throw new DrmException(Errno.EINVAL);
        }
        if (count < 0 || count > MOST) {
            throw new DrmException(Errno.ENOMEM, "Too many: count=" + Integer.toUnsignedString(count));
        }
        int[] handles = new int[count];
        call.user().copyIn(address, MemorySegment.ofArray(handles));
        List<Syncobj> found = new ArrayList<>(count);
        for (int handle : handles) {
            found.add(call.file().syncobjs().lookup(handle));
        }
        return found;
    }

    /** The points that a client has at an address; all 0 if it has none. */
    static long[] points(IoctlCall call, long address, int count) {
        long[] points = new long[count];
        if (address != 0) {
            call.user().copyIn(address, MemorySegment.ofArray(points));
        }
        return points;
    }
}
