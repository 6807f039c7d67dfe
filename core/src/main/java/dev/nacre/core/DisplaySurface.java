package dev.nacre.core;

/**
 * A picture in memory, of either placement.
 *
 * @param memory where it lies
 * @param offset of its first byte there, a multiple of {@link #ALIGN_BYTES}
 * @param width pixels, 1 to 32767
 * @param height lines, 1 to 32767
 * @param pitchBytes bytes from line to line, a multiple of {@link #PITCH_BYTES}; in block-linear layout, of a line of GOBs
 * @param format of its pixels
 * @param blockHeight GOBs of a block, log2, 0 to 5; {@link #PITCH_LINEAR} for lines one after another
 */
public record DisplaySurface(
        MemoryObject memory,
        long offset,
        int width,
        int height,
        int pitchBytes,
        DisplayFormat format,
        int blockHeight) {
    /** Granularity of offsets. */
    public static final int ALIGN_BYTES = 256;

    /** Granularity of pitches. */
    public static final int PITCH_BYTES = 64;

    /** Not in blocks. */
    public static final int PITCH_LINEAR = -1;

    // HW: open-gpu-doc clc67e.h: SET_SIZE has 16 bits a side, SET_PLANAR_STORAGE_PITCH 13 bits of 64 bytes
    private static final int MOST = 0x7fff;
    private static final int MOST_PITCH_BYTES = 0x1fff * PITCH_BYTES;
    private static final int MOST_BLOCK_HEIGHT = 5;
    private static final int GOB_LINES = 8;

    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if no head can show it, or it does not lie in the memory
     */
    public DisplaySurface {
        boolean possible = width > 0
                && width <= MOST
                && height > 0
                && height <= MOST
                && pitchBytes % PITCH_BYTES == 0
                && pitchBytes <= MOST_PITCH_BYTES
                && pitchBytes >= (long) width * format.bytesPerPixel()
                && offset >= 0
                && offset % ALIGN_BYTES == 0
                && blockHeight >= PITCH_LINEAR
                && blockHeight <= MOST_BLOCK_HEIGHT;
        if (!possible
                || offset > memory.bytes()
                || bytes(width, height, pitchBytes, format, blockHeight) > memory.bytes() - offset) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Surface is impossible: width=" + width + " height=" + height + " pitch=" + pitchBytes + " format="
                            + format + " block-height=" + blockHeight + " offset=" + offset + " memory="
                            + memory.bytes());
        }
    }

    /** How many bytes a surface of some size takes. */
    public static long bytes(int width, int height, int pitchBytes, DisplayFormat format, int blockHeight) {
        if (blockHeight == PITCH_LINEAR) {
            return (height - 1L) * pitchBytes + (long) width * format.bytesPerPixel();
        }
        long blockLines = (long) GOB_LINES << blockHeight;
        return Math.ceilDiv(height, blockLines) * blockLines * pitchBytes;
    }
}
