package dev.nacre.hw.disp;

/** Methods of a display window channel, class C67E, in bytes. */
// HW: NVIDIA open-gpu-doc, clc67e.h; nouveau dispnv50/wndwc57e.c, wndwc67e.c
public final class Nvc67e {
    /** Makes the assembly state the armed one. */
    public static final int UPDATE = 0x200;

    /** Semaphore: offset in units of 16 bytes (7:0). */
    public static final int SET_SEMAPHORE_CONTROL = 0x20c;

    /** Value that the window waits for before it takes an update. */
    public static final int SET_SEMAPHORE_ACQUIRE = 0x210;

    /** Value that the window writes when an update has been taken. */
    public static final int SET_SEMAPHORE_RELEASE = 0x214;

    /** Context DMA of the semaphore; 0 for none. */
    public static final int SET_CONTEXT_DMA_SEMAPHORE = 0x218;

    /** Context DMA of the notifier; 0 for none. */
    public static final int SET_CONTEXT_DMA_NOTIFIER = 0x21c;

    /** Notifier offset in units of 16 bytes (11:4). */
    public static final int SET_NOTIFIER_CONTROL = 0x220;

    /** Height (31:16) and width (15:0) of the surface. */
    public static final int SET_SIZE = 0x224;

    /** Block height in GOBs, log2 (3:0). Whether the surface has blocks at all, its context DMA says. */
    public static final int SET_STORAGE = 0x228;

    /** Format (7:0). */
    public static final int SET_PARAMS = 0x22c;

    /** Pitch in units of 64 bytes (12:0), or width in blocks' GOBs for block-linear. */
    public static final int SET_PLANAR_STORAGE = 0x230;

    /** Context DMA of the surface; 0 switches the window off. */
    public static final int SET_CONTEXT_DMA_ISO = 0x240;

    /** Offset of the surface in units of 256 bytes. */
    public static final int SET_OFFSET = 0x260;

    /** First pixel of the surface that is shown: y (31:16), x (15:0). */
    public static final int SET_POINT_IN = 0x290;

    /** Part of the surface that is shown: height (30:16), width (14:0). */
    public static final int SET_SIZE_IN = 0x298;

    /** Presentation: least interval in frames (3:0), begin mode (6:4; 1 = at once). */
    public static final int SET_PRESENT_CONTROL = 0x308;

    /** Bytes of method space. */
    public static final int SIZE_BYTES = 0x1000;

    private Nvc67e() {}
}
