package dev.nacre.hw.disp;

/** Formats of what a window or cursor shows. */
// HW: NVIDIA open-gpu-doc, clc67e.h: NVC67E_SET_PARAMS_FORMAT
public enum SurfaceFormat {
    /** 16 bits: red 15:11, green 10:5, blue 4:0. */
    R5G6B5(0xe8, 2, false),
    /** 16 bits: alpha 15, red 14:10, green 9:5, blue 4:0. */
    A1R5G5B5(0xe9, 2, true),
    /** 32 bits: alpha, red, green, blue. */
    A8R8G8B8(0xcf, 4, true),
    /** 32 bits: unused, red, green, blue. */
    X8R8G8B8(0xe6, 4, false),
    /** 32 bits: alpha, blue, green, red. */
    A8B8G8R8(0xd5, 4, true),
    /** 32 bits: unused, blue, green, red. */
    X8B8G8R8(0xf9, 4, false),
    /** 32 bits: alpha 31:30, blue 29:20, green 19:10, red 9:0. */
    A2B10G10R10(0xd1, 4, true),
    /** 32 bits: alpha 31:30, red 29:20, green 19:10, blue 9:0. */
    A2R10G10B10(0xdf, 4, true);

    private final int code;
    private final int bytesPerPixel;
    private final boolean alpha;

    SurfaceFormat(int code, int bytesPerPixel, boolean alpha) {
        this.code = code;
        this.bytesPerPixel = bytesPerPixel;
        this.alpha = alpha;
    }

    /** The hardware's number. */
    public int code() {
        return code;
    }

    /** Bytes of a pixel. */
    public int bytesPerPixel() {
        return bytesPerPixel;
    }

    /** Whether a pixel may be transparent. */
    public boolean hasAlpha() {
        return alpha;
    }

    /** The format of a number; {@link #A8R8G8B8} for one that is not known. */
    public static SurfaceFormat of(int code) {
        for (SurfaceFormat format : values()) {
            if (format.code == code) {
                return format;
            }
        }
        return A8R8G8B8;
    }

    /** A pixel as {@code 0xAARRGGBB}. */
    public int argb(int raw) {
        return switch (this) {
            case R5G6B5 -> 0xff000000 | (five(raw >> 11) << 16) | (six(raw >> 5) << 8) | five(raw);
            case A1R5G5B5 -> ((raw << 16 >> 31) << 24) | (five(raw >> 10) << 16) | (five(raw >> 5) << 8) | five(raw);
            case A8R8G8B8 -> raw;
            case X8R8G8B8 -> raw | 0xff000000;
            case A8B8G8R8 -> swapRedBlue(raw);
            case X8B8G8R8 -> swapRedBlue(raw) | 0xff000000;
            case A2B10G10R10 -> (((raw >>> 30) * 85) << 24) | (ten(raw) << 16) | (ten(raw >> 10) << 8) | ten(raw >> 20);
            case A2R10G10B10 -> (((raw >>> 30) * 85) << 24) | (ten(raw >> 20) << 16) | (ten(raw >> 10) << 8) | ten(raw);
        };
    }

    private static int five(int value) {
        int v = value & 31;
        return (v << 3) | (v >> 2);
    }

    private static int six(int value) {
        int v = value & 63;
        return (v << 2) | (v >> 4);
    }

    private static int ten(int value) {
        return (value >> 2) & 255;
    }

    private static int swapRedBlue(int raw) {
        return (raw & 0xff00ff00) | ((raw & 255) << 16) | ((raw >> 16) & 255);
    }
}
