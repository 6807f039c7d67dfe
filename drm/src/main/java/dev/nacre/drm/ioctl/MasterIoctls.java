package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.Access;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmMasters;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Ioctl.Direction;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Masters, authentication, and the name that depends on them. HW: {@code drm_auth.c}, {@code drm_ioctl.c}. */
public final class MasterIoctls {
    // HW: DRM_IF_MAJOR and DRM_IF_MINOR of drm_ioctl.c
    private static final int INTERFACE_MAJOR = 1;
    private static final int INTERFACE_MINOR = 4;

    private MasterIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        Set<Access> master = Set.of(Access.MASTER);
        return List.of(
                new Ioctl(0x01, "DRM_IOCTL_GET_UNIQUE", 16, Set.of(), MasterIoctls::unique),
                new Ioctl(0x02, "DRM_IOCTL_GET_MAGIC", 4, Direction.OUT, Set.of(), MasterIoctls::magic),
                new Ioctl(0x07, "DRM_IOCTL_SET_VERSION", 16, master, MasterIoctls::setVersion),
                new Ioctl(0x11, "DRM_IOCTL_AUTH_MAGIC", 4, Direction.IN, master, MasterIoctls::authenticate),
                new Ioctl(0x1e, "DRM_IOCTL_SET_MASTER", 0, Direction.NONE, Set.of(), MasterIoctls::setMaster),
                new Ioctl(0x1f, "DRM_IOCTL_DROP_MASTER", 0, Direction.NONE, Set.of(), MasterIoctls::dropMaster));
    }

    private static DrmMasters masters(IoctlCall call) {
        return call.file().device().masters();
    }

    private static void unique(IoctlCall call) {
        MemorySegment arg = call.arg();
        byte[] name = masters(call).isBusIdSet(call.file())
                ? call.file().device().busId().getBytes(StandardCharsets.US_ASCII)
                : new byte[0];
        if (name.length > 0 && Long.compareUnsigned(arg.get(JAVA_LONG, 0), name.length) >= 0) {
            call.user().copyOut(arg.get(JAVA_LONG, 8), MemorySegment.ofArray(name));
        }
        arg.set(JAVA_LONG, 0, name.length);
    }

    private static void magic(IoctlCall call) {
        call.arg().set(JAVA_INT, 0, masters(call).magic(call.file()));
    }

    private static void authenticate(IoctlCall call) {
        masters(call).authenticate(call.file(), call.arg().get(JAVA_INT, 0));
    }

    private static void setMaster(IoctlCall call) {
        masters(call).set(call.file(), call.caller());
    }

    private static void dropMaster(IoctlCall call) {
        masters(call).drop(call.file(), call.caller());
    }

    private static void setVersion(IoctlCall call) {
        MemorySegment arg = call.arg();
        DriverInfo info = call.file().device().driver().info();
        int interfaceMajor = arg.get(JAVA_INT, 0);
        int interfaceMinor = arg.get(JAVA_INT, 4);
        int driverMajor = arg.get(JAVA_INT, 8);
        int driverMinor = arg.get(JAVA_INT, 12);
        // The client learns ours also when it asked for others.
        arg.set(JAVA_INT, 0, INTERFACE_MAJOR);
        arg.set(JAVA_INT, 4, INTERFACE_MINOR);
        arg.set(JAVA_INT, 8, info.major());
        arg.set(JAVA_INT, 12, info.minor());
        requireVersion(interfaceMajor, interfaceMinor, INTERFACE_MAJOR, INTERFACE_MINOR);
        if (interfaceMajor != -1 && interfaceMinor >= 1) {
            masters(call).setBusId(call.file());
        }
        requireVersion(driverMajor, driverMinor, info.major(), info.minor());
    }

    /** Asks for nothing by -1. */
    private static void requireVersion(int major, int minor, int ourMajor, int ourMinor) {
        if (major != -1 && (major != ourMajor || minor < 0 || minor > ourMinor)) {
            throw new DrmException(Errno.EINVAL, "There is no such version: " + major + "." + minor);
        }
    }
}
