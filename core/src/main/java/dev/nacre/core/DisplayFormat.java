package dev.nacre.core;

/** Formats of surfaces, named from the highest bits to the lowest; little-endian. X is not read. */
public enum DisplayFormat {
    /** 16 bits. */
    R5G6B5(2, false),
    /** 16 bits. */
    X1R5G5B5(2, false),
    /** 16 bits. */
    A1R5G5B5(2, true),
    /** 32 bits. */
    X8R8G8B8(4, false),
    /** 32 bits. */
    A8R8G8B8(4, true),
    /** 32 bits. */
    X8B8G8R8(4, false),
    /** 32 bits. */
    A8B8G8R8(4, true),
    /** 32 bits. */
    X2R10G10B10(4, false),
    /** 32 bits. */
    A2R10G10B10(4, true),
    /** 32 bits. */
    X2B10G10R10(4, false),
    /** 32 bits. */
    A2B10G10R10(4, true),
    /** 64 bits of half-precision numbers. */
    X16B16G16R16F(8, false),
    /** 64 bits of half-precision numbers. */
    A16B16G16R16F(8, true);

    private final int bytesPerPixel;
    private final boolean alpha;

    DisplayFormat(int bytesPerPixel, boolean alpha) {
        this.bytesPerPixel = bytesPerPixel;
        this.alpha = alpha;
    }

    /** Bytes of a pixel. */
    public int bytesPerPixel() {
        return bytesPerPixel;
    }

    /** Whether pixels may be transparent. */
    public boolean hasAlpha() {
        return alpha;
    }
}
