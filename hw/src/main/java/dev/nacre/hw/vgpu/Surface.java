package dev.nacre.hw.vgpu;

/**
 * What a head shows, in the response region, as far as it is the same in every firmware version. Offsets are bytes;
 * fields have 32 bits unless said otherwise. The plugin counts {@link #SEQ_START} up before it writes and sets
 * {@link #SEQ_END} to the same after; who reads them unequal reads again.
 */
// HW: nvidia-vgpu drivers as proposed for Linux, the response region's console surfaces
public final class Surface {
    /** How often writing has begun, 64 bits. */
    public static final int SEQ_START = 0x00;
    /** How often writing has ended, 64 bits. */
    public static final int SEQ_END = 0x08;
    /** Bytes of a page of the guest's memory. */
    // HW: what it is good for is not published; ours: the unit of SURFACE_OFFSET, 256 as for the display engine
    public static final int EFFECTIVE_FB_PAGE_SIZE = 0x10;
    /** Pixels of a line that are shown; 0 if nothing is. */
    public static final int RECT_WIDTH = 0x14;
    /** Lines that are shown. */
    public static final int RECT_HEIGHT = 0x18;
    /** Pixels of a line. */
    public static final int SURFACE_WIDTH = 0x1c;
    /** Lines. */
    public static final int SURFACE_HEIGHT = 0x20;
    /** Bytes. */
    public static final int SURFACE_SIZE = 0x24;
    /** Where it lies in the guest's memory, in units of {@link #EFFECTIVE_FB_PAGE_SIZE}. */
    public static final int SURFACE_OFFSET = 0x28;
    /** The display engine's number of the format. */
    public static final int SURFACE_FORMAT = 0x2c;
    /** Kind of the memory. */
    public static final int SURFACE_KIND = 0x30;
    /** Bytes from line to line; of a block-linear surface, of a line of blocks. */
    public static final int SURFACE_PITCH = 0x34;
    /** Type of the surface. */
    public static final int SURFACE_TYPE = 0x38;
    /** log2 of a block's height in GOBs, 8 bits. */
    public static final int BLOCK_HEIGHT = 0x3c;
    /** The unit of {@link #SURFACE_OFFSET} that this board's plugins use. */
    public static final int OFFSET_UNIT_BYTES = 256;

    private Surface() {}
}
