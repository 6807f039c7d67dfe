package dev.nacre.board;

import java.util.Optional;

/** What a head showed at a moment: rows of pixels from top to bottom, each {@code 0xAARRGGBB}, opaque. */
public final class Scanout {
    private final int width;
    private final int height;
    private final int[] pixels;
    private final Optional<PointerImage> pointer;

    /**
     * Takes pixels, without a copy.
     *
     * @param width pixels in a row
     * @param height rows
     * @param pixels width x height of them
     * @param pointer what is above them, and not in them
     */
    public Scanout(int width, int height, int[] pixels, Optional<PointerImage> pointer) {
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

    /** The pixels, not a copy; nobody else keeps them. */
    public int[] pixels() {
        return pixels;
    }

    /** The guest's pointer, if it is not in the pixels and shows. */
    public Optional<PointerImage> pointer() {
        return pointer;
    }
}
