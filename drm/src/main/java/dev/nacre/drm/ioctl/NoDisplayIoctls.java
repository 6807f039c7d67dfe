package dev.nacre.drm.ioctl;

import dev.nacre.drm.Access;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The ioctls of displays where there is none: refused, after the check of who calls. HW: {@code drm_mode.h}, the table in
 * {@code drm_ioctl.c}.
 */
public final class NoDisplayIoctls {
    private record Absent(int nr, int argBytes, boolean master) {}

    private static final List<Absent> ABSENT = List.of(
            new Absent(0x3a, 24, false),
            new Absent(0x3b, 24, false),
            new Absent(0x3c, 24, false),
            new Absent(0xa0, 64, false),
            new Absent(0xa1, 104, false),
            new Absent(0xa2, 104, true),
            new Absent(0xa3, 28, true),
            new Absent(0xa4, 32, false),
            new Absent(0xa5, 32, true),
            new Absent(0xa6, 20, false),
            new Absent(0xa7, 80, false),
            new Absent(0xaa, 64, false),
            new Absent(0xab, 16, true),
            new Absent(0xac, 16, false),
            new Absent(0xad, 28, false),
            new Absent(0xae, 28, false),
            new Absent(0xaf, 4, false),
            new Absent(0xb0, 24, true),
            new Absent(0xb1, 24, true),
            new Absent(0xb5, 16, false),
            new Absent(0xb6, 32, false),
            new Absent(0xb7, 48, true),
            new Absent(0xb8, 104, false),
            new Absent(0xb9, 32, false),
            new Absent(0xba, 24, true),
            new Absent(0xbb, 36, true),
            new Absent(0xbc, 56, true),
            new Absent(0xbd, 16, false),
            new Absent(0xbe, 4, false),
            new Absent(0xc6, 24, true),
            new Absent(0xc7, 16, true),
            new Absent(0xc8, 16, true),
            new Absent(0xc9, 4, true),
            new Absent(0xce, 104, false),
            new Absent(0xd0, 8, false));

    private NoDisplayIoctls() {}

    /** The ioctls. */
    public static List<Ioctl> list() {
        List<Ioctl> ioctls = new ArrayList<>();
        for (Absent one : ABSENT) {
            Set<Access> access = one.master ? Set.of(Access.MASTER) : Set.of();
            String name = "display ioctl 0x" + Integer.toHexString(one.nr);
            ioctls.add(new Ioctl(one.nr, name, one.argBytes, access, NoDisplayIoctls::refuse));
        }
        return ioctls;
    }

    private static void refuse(IoctlCall call) {
        throw new DrmException(Errno.EOPNOTSUPP);
    }
}
