package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.Access;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Ioctl.Direction;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.util.List;
import java.util.Set;

/** Handles, names and descriptors of graphics memory. HW: {@code drm.h}, {@code drm_gem.c}, {@code drm_prime.c}. */
public final class GemIoctls {
    // HW: DRM_CLOEXEC and DRM_RDWR of drm.h, which are O_CLOEXEC and O_RDWR
    private static final int CLOEXEC = 0x80000;
    private static final int RDWR = 2;

    private GemIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        Set<Access> auth = Set.of(Access.AUTH);
        return List.of(
                new Ioctl(0x09, "DRM_IOCTL_GEM_CLOSE", 8, Direction.IN, all, GemIoctls::close),
                new Ioctl(0x0a, "DRM_IOCTL_GEM_FLINK", 8, auth, GemIoctls::name),
                new Ioctl(0x0b, "DRM_IOCTL_GEM_OPEN", 16, auth, GemIoctls::open),
                new Ioctl(0x2d, "DRM_IOCTL_PRIME_HANDLE_TO_FD", 12, all, GemIoctls::handleToFd),
                new Ioctl(0x2e, "DRM_IOCTL_PRIME_FD_TO_HANDLE", 12, all, GemIoctls::fdToHandle));
    }

    private static DrmFile require(IoctlCall call) {
        if (!call.file().device().has(DriverFeature.GEM)) {
            throw new DrmException(Errno.EOPNOTSUPP);
        }
        return call.file();
    }

    private static void close(IoctlCall call) {
        require(call).gems().remove(call.arg().get(JAVA_INT, 0));
    }

    private static void name(IoctlCall call) {
        DrmFile file = require(call);
        try (GemObject object = file.gems().lookup(call.arg().get(JAVA_INT, 0))) {
            call.arg().set(JAVA_INT, 4, file.device().gems().name(object));
        }
    }

    private static void open(IoctlCall call) {
        DrmFile file = require(call);
        try (GemObject object = file.device().gems().named(call.arg().get(JAVA_INT, 0))) {
            call.arg().set(JAVA_INT, 4, file.gems().create(object));
            call.arg().set(JAVA_LONG, 8, object.bytes());
        }
    }

    private static void handleToFd(IoctlCall call) {
        DrmFile file = require(call);
        int handle = call.arg().get(JAVA_INT, 0);
        int flags = call.arg().get(JAVA_INT, 4);
        if ((flags & ~(CLOEXEC | RDWR)) != 0) {
            throw new DrmException(Errno.EINVAL);
        }
        try (GemObject object = file.gems().lookup(handle)) {
            Fd made = file.device().gems().export(object, (flags & RDWR) != 0);
            file.gems().exported(handle, object);
            call.user().giveFd(made, (flags & CLOEXEC) != 0, new NumberPlace.InArg(8));
        }
    }

    private static void fdToHandle(IoctlCall call) {
        DrmFile file = require(call);
        try (Fd given = call.user().takeFd(call.arg().get(JAVA_INT, 8));
                GemObject object = file.device().gems().imported(given)) {
            call.arg().set(JAVA_INT, 0, file.gems().createForImport(object));
        }
    }
}
