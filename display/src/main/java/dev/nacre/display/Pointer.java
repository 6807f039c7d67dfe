package dev.nacre.display;

import java.util.Arrays;

/** A machine's own pointer, above its picture. Its pixels are {@code 0xAARRGGBB}, colours already multiplied by alpha. */
public final class Pointer {
    /** Largest side: what a head can show. */
    public static final int MAX_SIDE = 256;

    private final int x;
    private final int y;
    private final int width;
    private final int height;
    private final int[] pixels;
    private final int hotX;
    private final int hotY;

    /**
     * Takes pixels, without a copy.
     *
     * @param x left side in the picture; may be outside
     * @param y top in the picture; may be outside
     * @param width pixels in a row, 1 to {@link #MAX_SIDE}
     * @param pixels whole rows of them, at most {@link #MAX_SIDE}
     * @param hotX column that points; one outside is brought to the nearest
     * @param hotY row that points, likewise
     * @throws IllegalArgumentException if there are no such pixels
     */
    public Pointer(int x, int y, int width, int[] pixels, int hotX, int hotY) {
        if (width < 1
                || width > MAX_SIDE
                || pixels.length == 0
                || pixels.length % width != 0
                || pixels.length / width > MAX_SIDE) {
            throw new IllegalArgumentException("No pointer: width=" + width + " pixels=" + pixels.length);
        }
        this.x = x;
        this.y = y;
        this.width = width;
        this.height = pixels.length / width;
        this.pixels = pixels;
        this.hotX = Math.clamp(hotX, 0, width - 1);
        this.hotY = Math.clamp(hotY, 0, height - 1);
    }

    /** Left side in the picture; may be outside. */
    public int x() {
        return x;
    }

    /** Top in the picture; may be outside. */
    public int y() {
        return y;
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

    /** Column that points. */
    public int hotX() {
        return hotX;
    }

    /** Row that points. */
    public int hotY() {
        return hotY;
    }

    /** Whether another looks like it, wherever it is. */
    public boolean looksLike(Pointer other) {
        return width == other.width && hotX == other.hotX && hotY == other.hotY && Arrays.equals(pixels, other.pixels);
    }

    /** Draws it into a picture's pixels. */
    void draw(int[] to, int toWidth, int toHeight) {
        int left = Math.max(0, -x);
        int right = Math.min(width, toWidth - x);
        for (int row = Math.max(0, -y); row < Math.min(height, toHeight - y); row++) {
            for (int column = left; column < right; column++) {
                int at = (y + row) * toWidth + x + column;
                to[at] = over(pixels[row * width + column], to[at]);
            }
        }
    }

    private static int over(int above, int under) {
        int rest = 255 - (above >>> 24);
        return (under & 0xff000000)
                | part(above >> 16, under >> 16, rest) << 16
                | part(above >> 8, under >> 8, rest) << 8
                | part(above, under, rest);
    }

    private static int part(int above, int under, int rest) {
        return Math.min(255, (above & 0xff) + ((under & 0xff) * rest + 127) / 255);
    }
}
