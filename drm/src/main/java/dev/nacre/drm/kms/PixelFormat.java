package dev.nacre.drm.kms;

import dev.nacre.core.DisplayFormat;
import java.util.List;
import java.util.Optional;

/** Formats by their fourcc, in the order in which planes list them. */
// HW: drm_fourcc.h; nouveau dispnv50/wndwc37e.c lists the same but for indexed and YUV ones
enum PixelFormat {
    XR24("XR24", DisplayFormat.X8R8G8B8, 32, 24),
    AR24("AR24", DisplayFormat.A8R8G8B8, 32, 32),
    RG16("RG16", DisplayFormat.R5G6B5, 16, 16),
    XR15("XR15", DisplayFormat.X1R5G5B5, 16, 15),
    AR15("AR15", DisplayFormat.A1R5G5B5, 0, 0),
    XB30("XB30", DisplayFormat.X2B10G10R10, 0, 0),
    AB30("AB30", DisplayFormat.A2B10G10R10, 0, 0),
    XB24("XB24", DisplayFormat.X8B8G8R8, 0, 0),
    AB24("AB24", DisplayFormat.A8B8G8R8, 0, 0),
    XR30("XR30", DisplayFormat.X2R10G10B10, 32, 30),
    AR30("AR30", DisplayFormat.A2R10G10B10, 0, 0),
    XB4H("XB4H", DisplayFormat.X16B16G16R16F, 0, 0),
    AB4H("AB4H", DisplayFormat.A16B16G16R16F, 0, 0);

    /** What cursors show. */
    static final List<PixelFormat> OF_CURSORS = List.of(AR24);

    /** What other planes show. */
    static final List<PixelFormat> ALL = List.of(values());

    private final int fourcc;
    private final DisplayFormat format;
    private final int bpp;
    private final int depth;

    PixelFormat(String code, DisplayFormat format, int bpp, int depth) {
        this.fourcc = code.charAt(0) | code.charAt(1) << 8 | code.charAt(2) << 16 | code.charAt(3) << 24;
        this.format = format;
        this.bpp = bpp;
        this.depth = depth;
    }

    int fourcc() {
        return fourcc;
    }

    DisplayFormat format() {
        return format;
    }

    int bytesPerPixel() {
        return format.bytesPerPixel();
    }

    /** Bits of colour, as old ioctls name the format; 0 if they cannot. */
    int depth() {
        return depth;
    }

    static Optional<PixelFormat> of(int fourcc) {
        return ALL.stream().filter(one -> one.fourcc == fourcc).findFirst();
    }

    /** As old ioctls name it. */
    static Optional<PixelFormat> of(int bpp, int depth) {
        return ALL.stream()
                .filter(one -> one.bpp != 0 && one.bpp == bpp && one.depth == depth)
                .findFirst();
    }
}
