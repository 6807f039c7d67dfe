package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.DisplayMode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Optional;

/**
 * A mode as clients know it.
 *
 * @param timing how a head scans
 * @param flags DRM_MODE_FLAG_*
 * @param type DRM_MODE_TYPE_*
 * @param name for people
 */
// HW: struct drm_mode_modeinfo of drm_mode.h
record ModeInfo(DisplayMode timing, int flags, int type, String name) {
    /** Bytes of the structure. */
    static final int BYTES = 68;

    static final int TYPE_PREFERRED = 1 << 3;
    static final int TYPE_USERDEF = 1 << 5;
    static final int TYPE_DRIVER = 1 << 6;
    private static final int FLAG_PHSYNC = 1;
    private static final int FLAG_NHSYNC = 1 << 1;
    private static final int FLAG_PVSYNC = 1 << 2;
    private static final int FLAG_NVSYNC = 1 << 3;
    private static final int SYNC_FLAGS = FLAG_PHSYNC | FLAG_NHSYNC | FLAG_PVSYNC | FLAG_NVSYNC;

    // Of a picture's shape in the flags (22:19), that these heads do not care for.
    private static final int ASPECT_FLAGS = 0xf << 19;
    private static final int NAME = 36;
    private static final int NAME_BYTES = 32;

    /** A mode of a monitor. */
    static ModeInfo of(DisplayMode timing, int type) {
        int flags = (timing.hsyncPositive() ? FLAG_PHSYNC : FLAG_NHSYNC)
                | (timing.vsyncPositive() ? FLAG_PVSYNC : FLAG_NVSYNC);
        return new ModeInfo(timing, flags, type, timing.width() + "x" + timing.height());
    }

    /** Frames a second, rounded. */
    int refreshHz() {
        long pixels = (long) timing.htotal() * timing.vtotal();
        return (int) ((timing.clockKhz() * 1000L + pixels / 2) / pixels);
    }

    void write(MemorySegment to, long at) {
        Args.put32(to, at, timing.clockKhz());
        int[] figures = {
            timing.width(),
            timing.hsyncStart(),
            timing.hsyncEnd(),
            timing.htotal(),
            0,
            timing.height(),
            timing.vsyncStart(),
            timing.vsyncEnd(),
            timing.vtotal(),
            0
        };
        for (int i = 0; i < figures.length; i++) {
            Args.put16(to, at + 4 + 2L * i, figures[i]);
        }
        Args.put32(to, at + 24, refreshHz());
        Args.put32(to, at + 28, flags);
        Args.put32(to, at + 32, type);
        Args.putText(to, at + NAME, name, NAME_BYTES);
    }

    byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        write(MemorySegment.ofArray(bytes), 0);
        return bytes;
    }

    /** GUEST: what a client says; empty if no head here scans so. */
    static Optional<ModeInfo> read(MemorySegment from, long at) {
        int flags = Args.i32(from, at + 28);
        int type = Args.i32(from, at + 32);
        if ((flags & ~(SYNC_FLAGS | ASPECT_FLAGS)) != 0 || Args.u16(from, at + 22) > 1) {
            return Optional.empty();
        }
        try {
            DisplayMode timing = new DisplayMode(
                    Args.i32(from, at),
                    Args.u16(from, at + 4),
                    Args.u16(from, at + 6),
                    Args.u16(from, at + 8),
                    Args.u16(from, at + 10),
                    Args.u16(from, at + 14),
                    Args.u16(from, at + 16),
                    Args.u16(from, at + 18),
                    Args.u16(from, at + 20),
                    (flags & FLAG_PHSYNC) != 0,
                    (flags & FLAG_PVSYNC) != 0);
            return Optional.of(new ModeInfo(timing, flags, type, name(from, at + NAME)));
        } catch (CoreException e) {
            return Optional.empty();
        }
    }

    private static String name(MemorySegment from, long at) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < NAME_BYTES - 1; i++) {
            int letter = from.get(ValueLayout.JAVA_BYTE, at + i);
            if (letter == 0) {
                break;
            }
            text.append(letter >= ' ' && letter <= '~' ? (char) letter : '?');
        }
        return text.toString();
    }

    /** Whether another scans in the same way. */
    boolean scansAs(ModeInfo other) {
        return Objects.equals(timing, other.timing);
    }
}
