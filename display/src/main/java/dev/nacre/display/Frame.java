package dev.nacre.display;

/** A picture: rows of pixels from top to bottom, each {@code 0xAARRGGBB}. */
public final class Frame {
    /** Largest side: what a head can scan out. */
    public static final int MAX_SIDE = 32768;

    private final int width;
    private final int height;
    private final int[] pixels;

    /**
     * Takes pixels, without a copy.
     *
     * @param width pixels in a row, 1 to {@link #MAX_SIDE}
     * @param height rows, 1 to {@link #MAX_SIDE}
     * @param pixels width x height of them
     * @throws IllegalArgumentException if the sizes are impossible or do not fit the pixels
     */
    public Frame(int width, int height, int[] pixels) {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE || pixels.length != width * height) {
            throw new IllegalArgumentException(
                    "No picture: width=" + width + " height=" + height + " pixels=" + pixels.length);
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /** Pixels in a row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** The pixels, not a copy. */
    public int[] pixels() {
        return pixels;
    }
}
