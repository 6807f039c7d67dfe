package dev.nacre.hw.disp;

/** Methods of a display window channel, class C67E, in bytes. */
// HW: NVIDIA open-gpu-doc, clc67e.h; nouveau dispnv50/wndwc57e.c, wndwc67e.c, nvhw/class/clc37e.h, clc57e.h
public final class Nvc67e {
    /** Makes the assembly state the armed one; together with the window's position if bit 12 is set. */
    public static final int UPDATE = 0x200;

    /** In UPDATE: together with the window's position. */
    public static final int UPDATE_WITH_WINDOW_IMMEDIATE = 1 << 12;

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

    /**
     * Block height in GOBs, log2 (3:0). Since this class the layout is not told here: the surface's context DMA has it
     * ({@link InstanceMemory#isBlockLinear}).
     */
    public static final int SET_STORAGE = 0x228;

    /** Format (7:0). */
    public static final int SET_PARAMS = 0x22c;

    /** Pitch in units of 64 bytes (12:0); the width in GOBs for block-linear. */
    public static final int SET_PLANAR_STORAGE = 0x230;

    /** Context DMA of the surface; 0 switches the window off. */
    public static final int SET_CONTEXT_DMA_ISO = 0x240;

    /** Offset of the surface in units of 256 bytes. */
    public static final int SET_OFFSET = 0x260;

    /** First pixel of the surface that is shown: y (31:16), x (15:0). */
    public static final int SET_POINT_IN = 0x290;

    /** Part of the surface that is shown: height (30:16), width (14:0). */
    public static final int SET_SIZE_IN = 0x298;

    /** Part of the head that the window covers: height (30:16), width (14:0). */
    public static final int SET_SIZE_OUT = 0x2a4;

    /** Composition: depth (11:4), the greater the further behind. */
    public static final int SET_COMPOSITION_CONTROL = 0x2ec;

    /** K1 (7:0) and K2 (15:8) of composition. */
    public static final int SET_COMPOSITION_CONSTANT_ALPHA = 0x2f0;

    /** Factors of composition: source colour (3:0), destination colour (11:8); see {@link BlendFactor}. */
    public static final int SET_COMPOSITION_FACTOR_SELECT = 0x2f4;

    /** Presentation: least interval in frames (3:0), begin mode (6:4; 1 = at once). */
    public static final int SET_PRESENT_CONTROL = 0x308;

    /** In SET_PRESENT_CONTROL: at once. */
    public static final int SET_PRESENT_CONTROL_IMMEDIATE = 1 << 4;

    /** What UPDATE takes effect together with: the core (0), cursors (8:1). */
    public static final int SET_INTERLOCK_FLAGS = 0x370;

    /** Windows that UPDATE takes effect together with, a bit each. */
    public static final int SET_WINDOW_INTERLOCK_FLAGS = 0x374;

    /** Input LUT: mode (3:2). */
    public static final int SET_ILUT_CONTROL = 0x440;

    /** Context DMA of the input LUT; 0 for none. */
    public static final int SET_CONTEXT_DMA_ILUT = 0x444;

    /** Offset of the input LUT in units of 256 bytes. */
    public static final int SET_OFFSET_ILUT = 0x448;

    /** Bytes of method space. */
    public static final int SIZE_BYTES = 0x1000;

    private Nvc67e() {}
}
