package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.DisplayMode;
import java.util.ArrayList;
import java.util.List;

/** What an EDID says of a monitor: its size and its modes, the preferred one first. GUEST: it may hold anything. */
// HW: VESA E-EDID Standard Release A2, Display Monitor Timing 1.0
final class MonitorModes {
    private static final int BLOCK_BYTES = 128;
    private static final int SIZE = 21;
    private static final int ESTABLISHED = 35;
    private static final int STANDARD = 38;
    private static final int STANDARDS = 8;
    private static final int FIRST_DESCRIPTOR = 54;
    private static final int DESCRIPTOR_BYTES = 18;
    private static final int DESCRIPTORS = 4;
    private static final int SEPARATE_SYNC = 0x18;
    private static final int FORMULA = 0x80;

    private static final DisplayMode VGA = dmt(25_175, 640, 16, 96, 48, 480, 10, 2, 33, false, false);
    private static final DisplayMode SVGA = dmt(40_000, 800, 40, 128, 88, 600, 1, 4, 23, true, true);
    private static final DisplayMode XGA = dmt(65_000, 1024, 24, 136, 160, 768, 3, 6, 29, false, false);

    /** Those that standard timings name, all at 60 Hz. */
    private static final List<DisplayMode> KNOWN = List.of(
            VGA,
            SVGA,
            XGA,
            dmt(74_250, 1280, 110, 40, 220, 720, 5, 5, 20, true, true),
            dmt(83_500, 1280, 72, 128, 200, 800, 3, 6, 22, false, true),
            dmt(108_000, 1280, 96, 112, 312, 960, 1, 3, 36, true, true),
            dmt(108_000, 1280, 48, 112, 248, 1024, 1, 3, 38, true, true),
            dmt(85_500, 1366, 70, 143, 213, 768, 3, 3, 24, true, true),
            dmt(106_500, 1440, 80, 152, 232, 900, 3, 6, 25, false, true),
            dmt(108_000, 1600, 24, 80, 96, 900, 1, 3, 96, true, true),
            dmt(162_000, 1600, 64, 192, 304, 1200, 1, 3, 46, true, true),
            dmt(146_250, 1680, 104, 176, 280, 1050, 3, 6, 30, false, true),
            dmt(148_500, 1920, 88, 44, 148, 1080, 4, 5, 36, true, true),
            dmt(193_250, 1920, 136, 200, 336, 1200, 3, 6, 36, false, true));

    private final byte[] edid;
    private final List<ModeInfo> modes = new ArrayList<>();

    /** Reads an EDID; one that is none has no modes. */
    MonitorModes(byte[] edid) {
        this.edid = edid;
        if (edid.length < BLOCK_BYTES) {
            return;
        }
        for (int i = 0; i < DESCRIPTORS; i++) {
            detailed(FIRST_DESCRIPTOR + i * DESCRIPTOR_BYTES);
        }
        for (int i = 0; i < STANDARDS; i++) {
            standard(STANDARD + 2 * i);
        }
        established();
    }

    private static DisplayMode dmt(
            int clock,
            int width,
            int front,
            int sync,
            int back,
            int height,
            int vfront,
            int vsync,
            int vback,
            boolean hpositive,
            boolean vpositive) {
        int start = width + front;
        int vstart = height + vfront;
        return new DisplayMode(
                clock,
                width,
                start,
                start + sync,
                start + sync + back,
                height,
                vstart,
                vstart + vsync,
                vstart + vsync + vback,
                hpositive,
                vpositive);
    }

    List<ModeInfo> modes() {
        return List.copyOf(modes);
    }

    /** Of the picture in millimetres; 0 if it is not told. */
    int widthMm() {
        return edid.length < BLOCK_BYTES ? 0 : at(SIZE) * 10;
    }

    /** Of the picture in millimetres; 0 if it is not told. */
    int heightMm() {
        return edid.length < BLOCK_BYTES ? 0 : at(SIZE + 1) * 10;
    }

    private int at(int offset) {
        return edid[offset] & 0xff;
    }

    private void add(DisplayMode timing) {
        ModeInfo mode = ModeInfo.of(
                timing, modes.isEmpty() ? ModeInfo.TYPE_DRIVER | ModeInfo.TYPE_PREFERRED : ModeInfo.TYPE_DRIVER);
        if (modes.stream().noneMatch(mode::scansAs)) {
            modes.add(mode);
        }
    }

    private void detailed(int d) {
        int clock = at(d) | at(d + 1) << 8;
        int flags = at(d + 17);
        if (clock == 0 || (flags & SEPARATE_SYNC) != SEPARATE_SYNC || (flags & FORMULA) != 0) {
            // A text or a range, or a mode that no head here scans.
            return;
        }
        int width = at(d + 2) | (at(d + 4) & 0xf0) << 4;
        int blank = at(d + 3) | (at(d + 4) & 0x0f) << 8;
        int height = at(d + 5) | (at(d + 7) & 0xf0) << 4;
        int vblank = at(d + 6) | (at(d + 7) & 0x0f) << 8;
        int front = at(d + 8) | (at(d + 11) & 0xc0) << 2;
        int sync = at(d + 9) | (at(d + 11) & 0x30) << 4;
        int vfront = at(d + 10) >> 4 | (at(d + 11) & 0x0c) << 2;
        int vsync = (at(d + 10) & 0x0f) | (at(d + 11) & 0x03) << 4;
        try {
            add(dmt(
                    clock * 10,
                    width,
                    front,
                    sync,
                    blank - front - sync,
                    height,
                    vfront,
                    vsync,
                    vblank - vfront - vsync,
                    (flags & 2) != 0,
                    (flags & 4) != 0));
        } catch (CoreException e) {
            // GUEST: a timing that makes no sense.
        }
    }

    private void standard(int s) {
        if (at(s) <= 1 || (at(s + 1) & 0x3f) != 0) {
            // Unused, or not at 60 Hz.
            return;
        }
        int width = (at(s) + 31) * 8;
        int height = switch (at(s + 1) >> 6) {
            case 0 -> width * 10 / 16;
            case 1 -> width * 3 / 4;
            case 2 -> width * 4 / 5;
            default -> width * 9 / 16;
        };
        KNOWN.stream()
                .filter(mode -> mode.width() == width && mode.height() == height)
                .findFirst()
                .ifPresent(this::add);
    }

    private void established() {
        if ((at(ESTABLISHED + 1) & 0x08) != 0) {
            add(XGA);
        }
        if ((at(ESTABLISHED) & 0x01) != 0) {
            add(SVGA);
        }
        if ((at(ESTABLISHED) & 0x20) != 0) {
            add(VGA);
        }
    }
}
