package dev.nacre.display;

import java.util.Optional;

/** A picture: rows of pixels from top to bottom, each {@code 0xAARRGGBB}, and perhaps a pointer above them. */
public final class Frame {
    /** Largest side: what a head can scan out. */
    public static final int MAX_SIDE = 32768;

    private final int width;
    private final int height;
    private final int[] pixels;
    private final Optional<Pointer> pointer;

    /**
     * Takes pixels, without a copy.
     *
     * @param width pixels in a row, 1 to {@link #MAX_SIDE}
     * @param height rows, 1 to {@link #MAX_SIDE}
     * @param pixels width x height of them
     * @throws IllegalArgumentException if the sizes are impossible or do not fit the pixels
     */
    public Frame(int width, int height, int[] pixels) {
        this(width, height, pixels, Optional.empty());
    }

    /**
     * Takes pixels, without a copy, and a pointer that is not in them.
     *
     * @throws IllegalArgumentException if the sizes are impossible or do not fit the pixels
     */
    public Frame(int width, int height, int[] pixels, Optional<Pointer> pointer) {
        if (width < 1 || width > MAX_SIDE || height < 1 || height > MAX_SIDE || pixels.length != width * height) {
            throw new IllegalArgumentException(
                    "No picture: width=" + width + " height=" + height + " pixels=" + pixels.length);
        }
        this.width = width;
        this.height = height;
        this.pixels = pixels;
        this.pointer = pointer;
    }

    /** Pixels in a row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** The pixels, not a copy, without the pointer. */
    public int[] pixels() {
        return pixels;
    }

    /** What is above the pixels; empty if there is nothing. */
    public Optional<Pointer> pointer() {
        return pointer;
    }

    /** The picture with its pointer in the pixels; this one if it has none. */
    public Frame whole() {
        if (pointer.isEmpty()) {
            return this;
        }
        int[] drawn = pixels.clone();
        pointer.get().draw(drawn, width, height);
        return new Frame(width, height, drawn);
    }
}
