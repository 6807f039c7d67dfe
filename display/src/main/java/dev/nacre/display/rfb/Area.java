package dev.nacre.display.rfb;

/**
 * Part of a frame.
 *
 * @param x its left side
 * @param y its top
 * @param width pixels in a row
 * @param height rows
 */
record Area(int x, int y, int width, int height) {
    static final Area NOTHING = new Area(0, 0, 0, 0);

    int right() {
        return x + width;
    }

    int bottom() {
        return y + height;
    }

    boolean isEmpty() {
        return width <= 0 || height <= 0;
    }

    /** The smallest area with both in it. */
    Area with(Area other) {
        if (isEmpty()) {
            return other;
        }
        if (other.isEmpty()) {
            return this;
        }
        int left = Math.min(x, other.x);
        int top = Math.min(y, other.y);
        return new Area(left, top, Math.max(right(), other.right()) - left, Math.max(bottom(), other.bottom()) - top);
    }

    /** What lies in a frame of this size. */
    Area within(int frameWidth, int frameHeight) {
        int left = Math.min(x, frameWidth);
        int top = Math.min(y, frameHeight);
        return new Area(left, top, Math.min(right(), frameWidth) - left, Math.min(bottom(), frameHeight) - top);
    }
}
