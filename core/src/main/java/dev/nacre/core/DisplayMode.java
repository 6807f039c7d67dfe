package dev.nacre.core;

/**
 * How a head scans. Horizontal figures are in pixels, vertical ones in lines; each counts from the first that is visible.
 *
 * @param clockKhz pixel clock
 * @param width visible pixels
 * @param hsyncStart first pixel of the sync
 * @param hsyncEnd first after it
 * @param htotal all
 * @param height visible lines
 * @param vsyncStart first line of the sync
 * @param vsyncEnd first after it
 * @param vtotal all
 * @param hsyncPositive polarity of the horizontal sync
 * @param vsyncPositive polarity of the vertical sync
 */
public record DisplayMode(
        int clockKhz,
        int width,
        int hsyncStart,
        int hsyncEnd,
        int htotal,
        int height,
        int vsyncStart,
        int vsyncEnd,
        int vtotal,
        boolean hsyncPositive,
        boolean vsyncPositive) {
    /** Largest of the horizontal and vertical figures. */
    public static final int MOST = 0x7fff;

    private static final int MOST_KHZ = 2_000_000;

    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if no head can scan so
     */
    public DisplayMode {
        boolean inOrder = inOrder(width, hsyncStart, hsyncEnd, htotal) && inOrder(height, vsyncStart, vsyncEnd, vtotal);
        if (!inOrder || clockKhz < 1 || clockKhz > MOST_KHZ) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Mode is impossible: clock=" + clockKhz + " horizontal=" + width + "," + hsyncStart + "," + hsyncEnd
                            + "," + htotal + " vertical=" + height + "," + vsyncStart + "," + vsyncEnd + "," + vtotal);
        }
    }

    private static boolean inOrder(int visible, int start, int end, int total) {
        return visible > 0 && start >= visible && end > start && total >= end && total > visible && total <= MOST;
    }

    /** Time of a frame in nanoseconds. */
    public long frameNs() {
        return (long) htotal * vtotal * 1_000_000 / clockKhz;
    }
}
