package dev.nacre.hw.disp;

import java.util.Optional;

/** Formats of what a window or cursor shows; those of nouveau's RGB planes. */
// HW: nouveau nvhw/class/clc57e.h: NVC57E_SET_PARAMS_FORMAT, unchanged in clc67e
public enum SurfaceFormat {
    /** 8 bits: index into the input LUT. */
    I8(0x1e, 1, false),
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
    A2R10G10B10(0xdf, 4, true),
    /** 64 bits: alpha, blue, green, red as half-precision numbers, red lowest. */
    RF16_GF16_BF16_AF16(0xca, 8, true);

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

    /** The format of a number; empty for one that is not shown. */
    public static Optional<SurfaceFormat> of(int code) {
        for (SurfaceFormat format : values()) {
            if (format.code == code) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /**
     * A pixel as {@code 0xAARRGGBB}; {@link #I8} as a shade of grey, for want of its LUT.
     *
     * @param raw the pixel's bytes, little-endian; bits above them are ignored
     */
    public int argb(long raw) {
        int low = (int) raw;
        return switch (this) {
            case I8 -> 0xff000000 | (low & 255) * 0x010101;
            case R5G6B5 -> 0xff000000 | five(low >> 11) << 16 | six(low >> 5) << 8 | five(low);
            case A1R5G5B5 -> (low << 16 >> 31) << 24 | five(low >> 10) << 16 | five(low >> 5) << 8 | five(low);
            case A8R8G8B8 -> low;
            case X8R8G8B8 -> low | 0xff000000;
            case A8B8G8R8 -> swapRedBlue(low);
            case X8B8G8R8 -> swapRedBlue(low) | 0xff000000;
            case A2B10G10R10 -> ((low >>> 30) * 85) << 24 | ten(low) << 16 | ten(low >> 10) << 8 | ten(low >> 20);
            case A2R10G10B10 -> ((low >>> 30) * 85) << 24 | ten(low >> 20) << 16 | ten(low >> 10) << 8 | ten(low);
            case RF16_GF16_BF16_AF16 ->
                half(raw >> 48) << 24 | half(raw) << 16 | half(raw >> 16) << 8 | half(raw >> 32);
        };
    }

    /** A half-precision number as 0 to 255; what is less than 0, more than 1 or no number is cut off. */
    public static int half(long bits) {
        float value = Float.float16ToFloat((short) bits);
        return Math.round(Math.clamp(Float.isNaN(value) ? 0 : value, 0f, 1f) * 255);
    }

    private static int five(int value) {
        int v = value & 31;
        return v << 3 | v >> 2;
    }

    private static int six(int value) {
        int v = value & 63;
        return v << 2 | v >> 4;
    }

    private static int ten(int value) {
        return value >> 2 & 255;
    }

    private static int swapRedBlue(int raw) {
        return (raw & 0xff00ff00) | (raw & 255) << 16 | (raw >> 16 & 255);
    }
}
