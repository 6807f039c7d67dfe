package dev.nacre.hw.surface;

/**
 * A GOB, a group of bytes: the unit of block-linear surfaces, 64 bytes wide and 8 lines high, which lie in 512 bytes.
 * Surfaces are rows of blocks, blocks are columns of GOBs, and GOBs are made of lines of 16 bytes:
 *
 * <pre>
 * bits of the offset:   8   7   6   5   4   3   2   1   0
 * of column and line:  x5  y2  x4  y1  y0  x3  x2  x1  x0
 * </pre>
 */
// HW: Turing to Ada ("TuringColor2D"): Mesa src/nouveau/nil/tiling.rs, copy.rs
public final class Gob {
    /** Width in bytes. */
    public static final int WIDTH_BYTES = 64;

    /** Height in lines. */
    public static final int HEIGHT_LINES = 8;

    /** Size in bytes. */
    public static final int SIZE_BYTES = WIDTH_BYTES * HEIGHT_LINES;

    /** Bytes of a line that lie side by side. */
    public static final int RUN_BYTES = 16;

    private Gob() {}

    /**
     * Offset of a byte.
     *
     * @param x column in bytes; bits beyond the GOB are ignored
     * @param y line; bits beyond the GOB are ignored
     */
    public static int offset(long x, long y) {
        return (int) ((x & 0x0f) | (y & 3) << 4 | (x & 0x10) << 2 | (y & 4) << 5 | (x & 0x20) << 3);
    }
}
