package dev.nacre.display;

/**
 * A picture.
 *
 * @param width pixels in a row, 1 to {@link #MAX_SIDE}
 * @param height rows, 1 to {@link #MAX_SIDE}
 * @param pixels rows from top to bottom, {@code 0xAARRGGBB}; not copied
 */
public record Frame(int width, int height, int[] pixels) {
    /** Largest side: what a head can scan out. */
    public static final int MAX_SIDE = 32768;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if they are impossible or do not fit the pixels
     */
    public Frame {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE || pixels.length != width * height) {
            throw new IllegalArgumentException(
                    "No picture: width=" + width + " height=" + height + " pixels=" + pixels.length);
        }
    }
}
