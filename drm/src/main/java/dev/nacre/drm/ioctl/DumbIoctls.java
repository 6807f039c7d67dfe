package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/** Buffers that any client can draw into without knowing the driver. HW: {@code drm_mode.h}, {@code drm_dumb_buffers.c}. */
public final class DumbIoctls {
    private static final long PAGE_BYTES = 4096;
    private static final long MOST_U32 = 0xffff_ffffL;

    private DumbIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        return List.of(
                new Ioctl(0xb2, "DRM_IOCTL_MODE_CREATE_DUMB", 32, Set.of(), DumbIoctls::create),
                new Ioctl(0xb3, "DRM_IOCTL_MODE_MAP_DUMB", 16, Set.of(), DumbIoctls::map),
                new Ioctl(0xb4, "DRM_IOCTL_MODE_DESTROY_DUMB", 4, Set.of(), DumbIoctls::destroy));
    }

    private static DrmFile require(IoctlCall call) {
        if (!call.file().device().has(DriverFeature.MODESET)) {
            throw new DrmException(Errno.ENOSYS);
        }
        return call.file();
    }

    private static void create(IoctlCall call) {
        DrmFile file = require(call);
        MemorySegment arg = call.arg();
        long height = Integer.toUnsignedLong(arg.get(JAVA_INT, 0));
        long width = Integer.toUnsignedLong(arg.get(JAVA_INT, 4));
        long bits = Integer.toUnsignedLong(arg.get(JAVA_INT, 8));
        if (width == 0 || height == 0 || bits == 0 || bits > MOST_U32 - 8) {
            throw new DrmException(Errno.EINVAL);
        }
        long stride = Math.ceilDiv(bits, 8) * width;
        // In this order: each factor is below 2^32, so that no product of two overflows.
        if (stride > MOST_U32 || height > MOST_U32 / stride) {
            throw new DrmException(Errno.EINVAL);
        }
        long align = file.device().driver().dumbPitchAlignBytes();
        long pitch = Math.ceilDiv(stride, align) * align;
        long bytes = Math.ceilDiv(pitch * height, PAGE_BYTES) * PAGE_BYTES;
        if (pitch > MOST_U32) {
            throw new DrmException(Errno.EINVAL);
        }
        try (GemObject object = file.device().driver().createDumb(file, bytes)) {
            arg.set(JAVA_INT, 16, file.gems().create(object));
            // CAST: checked above
            arg.set(JAVA_INT, 20, (int) pitch);
            arg.set(JAVA_LONG, 24, bytes);
        }
    }

    private static void map(IoctlCall call) {
        DrmFile file = require(call);
        try (GemObject object = file.gems().lookup(call.arg().get(JAVA_INT, 0))) {
            call.arg().set(JAVA_LONG, 8, file.device().gems().mmapOffset(object));
        }
    }

    private static void destroy(IoctlCall call) {
        require(call).gems().remove(call.arg().get(JAVA_INT, 0));
    }
}
