package dev.nacre.hw.disp;

/**
 * Methods of the display core channel, classes C67D (GA10x) and C77D (AD10x), in bytes. Methods of a head are those of
 * head 0 plus {@link DisplayGeneration#headStrideBytes} per head, those of a window {@link #WINDOW_STRIDE} per window.
 */
// HW: NVIDIA open-gpu-doc, clc67d.h; nouveau dispnv50/corec57d.c, headc57d.c
public final class Nvc67d {
    /** Makes the assembly state the armed one. */
    public static final int UPDATE = 0x200;

    /** Context DMA of the completion notifier. */
    public static final int SET_CONTEXT_DMA_NOTIFIER = 0x208;

    /** Notifier offset in units of 16 bytes (11:4) and enable (12). */
    public static final int SET_NOTIFIER_CONTROL = 0x20c;

    /** In SET_NOTIFIER_CONTROL: the notifier is written. */
    public static final int SET_NOTIFIER_CONTROL_NOTIFY = 1 << 12;

    /** Cursors that UPDATE takes effect together with (7:0). */
    public static final int SET_INTERLOCK_FLAGS = 0x218;

    /** Windows that UPDATE takes effect together with, a bit each. */
    public static final int SET_WINDOW_INTERLOCK_FLAGS = 0x21c;

    /** SOR control: protocol (11:8), owner heads (7:0); 0x20 per SOR. */
    public static final int SOR_SET_CONTROL = 0x300;

    /** First bit of its protocol. */
    public static final int SOR_SET_CONTROL_PROTOCOL_SHIFT = 8;

    /** Distance of SOR_SET_CONTROL from one SOR to the next. */
    public static final int SOR_STRIDE = 0x20;

    /** Window control: owning head (3:0), 0xf for none. */
    public static final int WINDOW_SET_CONTROL = 0x1000;

    /** Owner of a window that no head shows. */
    public static final int WINDOW_SET_CONTROL_OWNER_NONE = 0xf;

    /** Distance from one window's methods to the next one's. */
    public static final int WINDOW_STRIDE = 0x80;

    /** Output resource: pixel depth (7:4). */
    public static final int HEAD_SET_CONTROL_OUTPUT_RESOURCE = 0x2004;

    /** Reset value of it: 24 bits per pixel. A depth of 0 makes nouveau warn before the first modeset. */
    public static final int HEAD_SET_CONTROL_OUTPUT_RESOURCE_RESET = 0x40;

    /** In it: the horizontal sync is negative. */
    public static final int HEAD_SET_CONTROL_OUTPUT_RESOURCE_HSYNC_NEGATIVE = 1 << 2;

    /** In it: the vertical sync is negative. */
    public static final int HEAD_SET_CONTROL_OUTPUT_RESOURCE_VSYNC_NEGATIVE = 1 << 3;

    /** In it: no window for extended packets. */
    public static final int HEAD_SET_CONTROL_OUTPUT_RESOURCE_NO_PACKETS = 0xfc00_0000;

    /** Pixel clock in Hz (30:0), to be slowed down to 1000/1001 (31). */
    public static final int HEAD_SET_PIXEL_CLOCK_FREQUENCY = 0x200c;

    /** Size of the picture that the windows compose: height (30:16), width (14:0). */
    public static final int HEAD_SET_VIEWPORT_SIZE_IN = 0x204c;

    /** Size of the picture on the screen: height (30:16), width (14:0). */
    public static final int HEAD_SET_VIEWPORT_SIZE_OUT = 0x2058;

    /** Total raster: height (30:16), width (14:0). */
    public static final int HEAD_SET_RASTER_SIZE = 0x2064;

    /** Last line (30:16) and pixel (14:0) of the syncs. */
    public static final int HEAD_SET_RASTER_SYNC_END = 0x2068;

    /** First line (30:16) and pixel (14:0) after blanking. */
    public static final int HEAD_SET_RASTER_BLANK_END = 0x206c;

    /** First line (30:16) and pixel (14:0) of blanking. */
    public static final int HEAD_SET_RASTER_BLANK_START = 0x2070;

    /** Context DMA of the cursor's picture. */
    public static final int HEAD_SET_CONTEXT_DMA_CURSOR = 0x2088;

    /** Offset of the cursor's picture, in units of 256 bytes. */
    public static final int HEAD_SET_OFFSET_CURSOR = 0x2090;

    /** Cursor: enable (31), hot spot y (27:20) and x (19:12), size (9:8), format (7:0). */
    public static final int HEAD_SET_CONTROL_CURSOR = 0x209c;

    /** Cursor composition: K1 (7:0), cursor's factor (11:8), viewport's factor (15:12); see {@link BlendFactor}. */
    public static final int HEAD_SET_CONTROL_CURSOR_COMPOSITION = 0x20a0;

    /** In HEAD_SET_CONTROL_CURSOR: there is one. */
    public static final int HEAD_SET_CONTROL_CURSOR_ENABLE = 1 << 31;

    private Nvc67d() {}
}
