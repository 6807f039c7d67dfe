package dev.nacre.drm.ioctl;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.Access;
import dev.nacre.drm.ClientCap;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Ioctl.Direction;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.KmsInfo;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What a device and its driver are, and what a client says of itself. HW: {@code drm.h}, {@code drm_ioctl.c}. */
public final class DeviceIoctls {
    // HW: DRM_CAP_* of drm.h
    private static final int CAP_DUMB_BUFFER = 0x1;
    private static final int CAP_VBLANK_HIGH_CRTC = 0x2;
    private static final int CAP_DUMB_PREFERRED_DEPTH = 0x3;
    private static final int CAP_DUMB_PREFER_SHADOW = 0x4;
    private static final int CAP_PRIME = 0x5;
    private static final int CAP_TIMESTAMP_MONOTONIC = 0x6;
    private static final int CAP_ASYNC_PAGE_FLIP = 0x7;
    private static final int CAP_CURSOR_WIDTH = 0x8;
    private static final int CAP_CURSOR_HEIGHT = 0x9;
    private static final int CAP_ADDFB2_MODIFIERS = 0x10;
    private static final int CAP_PAGE_FLIP_TARGET = 0x11;
    private static final int CAP_CRTC_IN_VBLANK_EVENT = 0x12;
    private static final int CAP_SYNCOBJ = 0x13;
    private static final int CAP_SYNCOBJ_TIMELINE = 0x14;
    private static final int CAP_ATOMIC_ASYNC_PAGE_FLIP = 0x15;

    /** Import and export. */
    private static final int PRIME_BOTH = 3;

    // HW: kernel/sys.c: the user that is told where users are not told
    private static final int OVERFLOW_UID = 65534;

    // HW: DRM_CLIENT_NAME_MAX_LEN of drm.h
    private static final int MOST_NAME_BYTES = 64;

    private static final int STATS_BYTES = 248;

    private DeviceIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        Set<Access> dead = Set.of(Access.AUTH, Access.MASTER, Access.ROOT_ONLY);
        return List.of(
                new Ioctl(0x00, "DRM_IOCTL_VERSION", 64, all, DeviceIoctls::version),
                new Ioctl(0x05, "DRM_IOCTL_GET_CLIENT", 40, Set.of(), DeviceIoctls::client),
                new Ioctl(0x06, "DRM_IOCTL_GET_STATS", STATS_BYTES, Direction.OUT, Set.of(), DeviceIoctls::nothing),
                new Ioctl(0x0c, "DRM_IOCTL_GET_CAP", 16, all, DeviceIoctls::cap),
                new Ioctl(0x0d, "DRM_IOCTL_SET_CLIENT_CAP", 16, Direction.IN, Set.of(), DeviceIoctls::setClientCap),
                new Ioctl(0x10, "DRM_IOCTL_SET_UNIQUE", 16, Direction.IN, dead, DeviceIoctls::invalid),
                new Ioctl(0x12, "DRM_IOCTL_BLOCK", 4, dead, DeviceIoctls::nothing),
                new Ioctl(0x13, "DRM_IOCTL_UNBLOCK", 4, dead, DeviceIoctls::nothing),
                new Ioctl(0x27, "DRM_IOCTL_ADD_DRAW", 4, dead, DeviceIoctls::nothing),
                new Ioctl(0x28, "DRM_IOCTL_RM_DRAW", 4, dead, DeviceIoctls::nothing),
                new Ioctl(0x2c, "DRM_IOCTL_FINISH", 8, Direction.IN, Set.of(Access.AUTH), DeviceIoctls::nothing),
                new Ioctl(0x3f, "DRM_IOCTL_UPDATE_DRAW", 24, Direction.IN, dead, DeviceIoctls::nothing),
                new Ioctl(0xd1, "DRM_IOCTL_SET_CLIENT_NAME", 16, all, DeviceIoctls::setClientName));
    }

    private static void nothing(IoctlCall call) {
        // Clients still call it, and want no failure.
    }

    private static void invalid(IoctlCall call) {
        throw new DrmException(Errno.EINVAL);
    }

    private static void version(IoctlCall call) {
        DriverInfo info = call.file().device().driver().info();
        MemorySegment arg = call.arg();
        arg.set(JAVA_INT, 0, info.major());
        arg.set(JAVA_INT, 4, info.minor());
        arg.set(JAVA_INT, 8, info.patch());
        copyField(call, 16, info.name());
        copyField(call, 32, info.date());
        copyField(call, 48, info.description());
    }

    /** Fills a client's buffer as far as it goes, and says how long the text is. */
    private static void copyField(IoctlCall call, long at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long room = call.arg().get(JAVA_LONG, at);
        long address = call.arg().get(JAVA_LONG, at + 8);
        call.arg().set(JAVA_LONG, at, bytes.length);
        int count = Long.compareUnsigned(room, bytes.length) < 0 ? (int) room : bytes.length;
        if (count > 0 && address != 0) {
            call.user().copyOut(address, MemorySegment.ofArray(bytes).asSlice(0, count));
        }
    }

    private static void client(IoctlCall call) {
        MemorySegment arg = call.arg();
        if (arg.get(JAVA_INT, 0) != 0) {
            throw new DrmException(Errno.EINVAL);
        }
        arg.set(JAVA_INT, 4, call.file().isAuthenticated() ? 1 : 0);
        arg.set(JAVA_LONG, 8, call.caller().pid());
        arg.set(JAVA_LONG, 16, OVERFLOW_UID);
        arg.set(JAVA_LONG, 24, 0);
        arg.set(JAVA_LONG, 32, 0);
    }

    private static void cap(IoctlCall call) {
        MemorySegment arg = call.arg();
        long cap = arg.get(JAVA_LONG, 0);
        arg.set(JAVA_LONG, 8, 0);
        arg.set(JAVA_LONG, 8, cap(call.file().device(), cap));
    }

    private static long cap(DrmDevice device, long cap) {
        if (cap < 0 || cap > CAP_ATOMIC_ASYNC_PAGE_FLIP) {
            requireDisplay(device);
            throw new DrmException(Errno.EINVAL);
        }
        return switch ((int) cap) {
            case CAP_TIMESTAMP_MONOTONIC -> 1;
            case CAP_PRIME -> PRIME_BOTH;
            case CAP_SYNCOBJ -> flag(device.has(DriverFeature.SYNCOBJ));
            case CAP_SYNCOBJ_TIMELINE -> flag(device.has(DriverFeature.SYNCOBJ_TIMELINE));
            default -> displayCap(requireDisplay(device), (int) cap);
        };
    }

    private static KmsInfo requireDisplay(DrmDevice device) {
        return device.driver()
                .kms()
                .filter(_ -> device.has(DriverFeature.MODESET))
                .orElseThrow(() -> new DrmException(Errno.EOPNOTSUPP))
                .info();
    }

    private static long displayCap(KmsInfo info, int cap) {
        return switch (cap) {
            case CAP_DUMB_BUFFER, CAP_VBLANK_HIGH_CRTC, CAP_CRTC_IN_VBLANK_EVENT -> 1;
            case CAP_DUMB_PREFERRED_DEPTH -> info.preferredDepth();
            case CAP_DUMB_PREFER_SHADOW -> flag(info.preferShadow());
            case CAP_ASYNC_PAGE_FLIP -> flag(info.asyncPageFlip());
            case CAP_PAGE_FLIP_TARGET -> 0;
            case CAP_CURSOR_WIDTH -> info.cursorWidth();
            case CAP_CURSOR_HEIGHT -> info.cursorHeight();
            case CAP_ADDFB2_MODIFIERS -> flag(info.modifiers());
            case CAP_ATOMIC_ASYNC_PAGE_FLIP -> flag(info.atomicAsyncPageFlip());
            default -> throw new DrmException(Errno.EINVAL);
        };
    }

    private static long flag(boolean value) {
        return value ? 1 : 0;
    }

    private static void setClientCap(IoctlCall call) {
        DrmFile file = call.file();
        KmsInfo _ = requireDisplay(file.device());
        long value = call.arg().get(JAVA_LONG, 8);
        ClientCap cap = ClientCap.of(call.arg().get(JAVA_LONG, 0)).orElseThrow(() -> new DrmException(Errno.EINVAL));
        switch (cap) {
            case STEREO_3D, UNIVERSAL_PLANES, ASPECT_RATIO -> requireAtMost(value, 1);
            case ATOMIC -> {
                if (!file.device().has(DriverFeature.ATOMIC)) {
                    throw new DrmException(Errno.EOPNOTSUPP);
                }
                // HW: drm_ioctl.c, drm_setclientcap(): 2 is what the X server has to say, to be believed
                requireAtMost(value, 2);
                file.setCap(ClientCap.UNIVERSAL_PLANES, value);
                file.setCap(ClientCap.ASPECT_RATIO, value);
            }
            case WRITEBACK_CONNECTORS, PLANE_COLOR_PIPELINE -> {
                requireAtomic(file);
                requireAtMost(value, 1);
            }
            case CURSOR_PLANE_HOTSPOT ->
                // Only for displays that are windows of another system's
                throw new DrmException(Errno.EOPNOTSUPP);
        }
        file.setCap(cap, value);
    }

    private static void requireAtMost(long value, long most) {
        if (value < 0 || value > most) {
            throw new DrmException(Errno.EINVAL);
        }
    }

    private static void requireAtomic(DrmFile file) {
        if (!file.has(ClientCap.ATOMIC)) {
            throw new DrmException(Errno.EINVAL);
        }
    }

    private static void setClientName(IoctlCall call) {
        long length = call.arg().get(JAVA_LONG, 0);
        if (length < 0 || length > MOST_NAME_BYTES) {
            throw new DrmException(Errno.EINVAL);
        }
        // CAST: at most 64
        byte[] name = new byte[(int) length];
        if (name.length > 0) {
            call.user().copyIn(call.arg().get(JAVA_LONG, 8), MemorySegment.ofArray(name));
        }
        for (byte one : name) {
            if (one <= ' ' || one > '~') {
                throw new DrmException(Errno.EINVAL);
            }
        }
        call.file().setClientName(new String(name, StandardCharsets.US_ASCII));
    }
}
