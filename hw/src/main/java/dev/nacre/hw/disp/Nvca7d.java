package dev.nacre.hw.disp;

/**
 * Methods of the display core channel, class CA7D (GB20x), that {@link Nvc67d} has not: surfaces by physical address
 * ({@link SurfaceAddress}). In bytes; those of a head are head 0's plus {@link DisplayGeneration#headStrideBytes} per
 * head.
 */
// HW: open-gpu-kernel-modules class/clca7d.h; nouveau dispnv50/coreca7d.c, headca7d.c
public final class Nvca7d {
    /** Completion notifier, high half; the low half follows. */
    public static final int SET_SURFACE_ADDRESS_HI_NOTIFIER = 0x260;

    /** Completion notifier, low half. */
    public static final int SET_SURFACE_ADDRESS_LO_NOTIFIER = 0x264;

    /** The cursor's picture, high half. */
    public static final int HEAD_SET_SURFACE_ADDRESS_HI_CURSOR = 0x2170;

    /** The cursor's picture, low half. */
    public static final int HEAD_SET_SURFACE_ADDRESS_LO_CURSOR = 0x2178;

    private Nvca7d() {}
}
