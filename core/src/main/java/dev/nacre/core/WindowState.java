package dev.nacre.core;

/**
 * What a window of a head shows, without scaling.
 *
 * @param surface from which
 * @param sourceX first pixel of it
 * @param sourceY first line of it
 * @param width how many pixels
 * @param height how many lines
 * @param x where they begin on the head, 0 or more
 * @param y where they begin on the head, 0 or more
 * @param depth 0 to 255, the greater the further behind; no two windows of a head may have the same
 * @param alpha how opaque all of it is, 0 to 255
 * @param blend what pixels' own alpha means; without regard to what it says for formats that have none
 */
public record WindowState(
        DisplaySurface surface,
        int sourceX,
        int sourceY,
        int width,
        int height,
        int x,
        int y,
        int depth,
        int alpha,
        Blend blend) {
    private static final int MOST_LEVEL = 255;

    /** What pixels' alpha means. */
    public enum Blend {
        /** Nothing. */
        NONE,
        /** Colours were multiplied by it. */
        PREMULTIPLIED,
        /** Colours are to be multiplied by it. */
        COVERAGE
    }

    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if a value is impossible, or the part does not lie in the
     *     surface
     */
    public WindowState {
        boolean inside = sourceX >= 0
                && sourceY >= 0
                && width > 0
                && height > 0
                && width <= surface.width() - sourceX
                && height <= surface.height() - sourceY;
        boolean placed = x >= 0 && y >= 0 && x <= DisplayMode.MOST && y <= DisplayMode.MOST;
        if (!inside || !placed || (depth & ~MOST_LEVEL) != 0 || (alpha & ~MOST_LEVEL) != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Window is impossible: source=" + sourceX + "," + sourceY + " size=" + width + "x" + height
                            + " surface=" + surface.width() + "x" + surface.height() + " at=" + x + "," + y + " depth="
                            + depth + " alpha=" + alpha);
        }
    }

    /** All of a surface, opaque, at the upper left corner of the head, behind everything. */
    public static WindowState of(DisplaySurface surface) {
        return new WindowState(
                surface, 0, 0, surface.width(), surface.height(), 0, 0, MOST_LEVEL, MOST_LEVEL, Blend.NONE);
    }
}
