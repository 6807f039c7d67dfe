package dev.nacre.hw.disp;

/**
 * Methods of a display window channel, class CA7E (GB20x), that {@link Nvc67e} has not: surfaces by physical address
 * ({@link SurfaceAddress}). In bytes.
 */
// HW: open-gpu-kernel-modules class/clca7e.h; nouveau dispnv50/wndwca7e.c
public final class Nvca7e {
    /** Notifier, high half. */
    public static final int SET_SURFACE_ADDRESS_HI_NOTIFIER = 0x650;

    /** Notifier, low half. */
    public static final int SET_SURFACE_ADDRESS_LO_NOTIFIER = 0x654;

    /** Picture, high half. */
    public static final int SET_SURFACE_ADDRESS_HI_ISO = 0x658;

    /** Picture, low half; disabled, the window is off. */
    public static final int SET_SURFACE_ADDRESS_LO_ISO = 0x670;

    /** Input LUT, high half. */
    public static final int SET_SURFACE_ADDRESS_HI_ILUT = 0x688;

    /** Input LUT, low half. */
    public static final int SET_SURFACE_ADDRESS_LO_ILUT = 0x68c;

    private Nvca7e() {}
}
