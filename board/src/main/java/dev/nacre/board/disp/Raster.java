package dev.nacre.board.disp;

import dev.nacre.hw.disp.Nvc67d;

/**
 * How a head scans: frame after frame without a gap, by its pixel clock. A frame begins with the vertical sync; all
 * times follow from the one at which the first frame began, so that no error adds up.
 *
 * @param widthPixels pixels of a line, blanking included
 * @param heightLines lines of a frame, blanking included
 * @param blankStartLine first line of vertical blanking
 * @param clockHz pixels a second
 * @param running whether the driver has set it up; otherwise it only keeps time
 * @param epochNs when the first frame began
 */
record Raster(int widthPixels, int heightLines, int blankStartLine, long clockHz, boolean running, long epochNs) {
    private static final long SECOND_NS = 1_000_000_000;
    // A raster that no monitor could show must not keep the engine busy, nor hold up a picture for long.
    /** Most frames a second. */
    static final int MAX_FRAMES_PER_SECOND = 1000;

    private static final int MIN_FRAMES_PER_SECOND = 1;
    private static final int SIDE = 0x7fff;

    /** What an idle head keeps time by: VESA DMT 1024x768 at 60 Hz. */
    private static final Raster IDLE = new Raster(1344, 806, 802, 65_000_000, false, 0);

    /**
     * Reads a head's raster from the core channel's armed state.
     *
     * @param mostFrames frames a second that it does not exceed, 1 to {@link #MAX_FRAMES_PER_SECOND}
     * @param epochNs when it begins
     */
    static Raster of(ChannelState core, int head, int mostFrames, long epochNs) {
        int size = core.armedOfHead(head, Nvc67d.HEAD_SET_RASTER_SIZE);
        int clock = core.armedOfHead(head, Nvc67d.HEAD_SET_PIXEL_CLOCK_FREQUENCY);
        int width = size & SIDE;
        int height = size >> 16 & SIDE;
        long hertz = clock & 0x7fff_ffff;
        if (clock < 0) {
            hertz = hertz * 1000 / 1001;
        }
        if (width == 0 || height == 0 || hertz == 0) {
            return IDLE;
        }
        long frame = (long) width * height;
        hertz = Math.clamp(hertz, frame * MIN_FRAMES_PER_SECOND, frame * mostFrames);
        int blankStart = core.armedOfHead(head, Nvc67d.HEAD_SET_RASTER_BLANK_START) >> 16 & SIDE;
        return new Raster(width, height, Math.min(blankStart, height - 1), hertz, true, epochNs);
    }

    /** Whether another scans in the same way, whenever it began. */
    boolean scansAs(Raster other) {
        return beginningAt(0).equals(other.beginningAt(0));
    }

    /** The same, but begun at another time. */
    Raster beginningAt(long newEpochNs) {
        return new Raster(widthPixels, heightLines, blankStartLine, clockHz, running, newEpochNs);
    }

    /** Frames that have begun since the first one. */
    long frameAt(long timeNs) {
        return Math.floorDiv(pixelsUntil(timeNs), framePixels());
    }

    /** The line that is scanned at a time. */
    int lineAt(long timeNs) {
        return (int) (positionAt(timeNs) / widthPixels);
    }

    /** The pixel of its line that is scanned at a time. */
    int pixelAt(long timeNs) {
        return (int) (positionAt(timeNs) % widthPixels);
    }

    /** Pixels since the frame began. */
    long positionAt(long timeNs) {
        return Math.floorMod(pixelsUntil(timeNs), framePixels());
    }

    /** Time that it takes to get to a position from the frame's beginning. */
    long timeTo(long position) {
        return timeOf(Math.floorMod(position, framePixels())) - epochNs;
    }

    /** When vertical blanking last began, that time included. */
    long blankAtOrBefore(long timeNs) {
        return blankOf(Math.floorDiv(pixelsUntil(timeNs) - blankPosition(), framePixels()));
    }

    /** When vertical blanking begins for the first time after a time. */
    long blankAfter(long timeNs) {
        return blankOf(Math.floorDiv(pixelsUntil(timeNs) - blankPosition(), framePixels()) + 1);
    }

    /** Time of a frame. */
    long periodNs() {
        return framePixels() * SECOND_NS / clockHz;
    }

    private long framePixels() {
        return (long) widthPixels * heightLines;
    }

    private long blankPosition() {
        return (long) blankStartLine * widthPixels;
    }

    private long blankOf(long frame) {
        return timeOf(frame * framePixels() + blankPosition());
    }

    // Seconds and the rest apart: their product with the clock, up to 2^31 Hz, would not fit after four seconds.

    private long pixelsUntil(long timeNs) {
        long elapsed = timeNs - epochNs;
        return Math.floorDiv(elapsed, SECOND_NS) * clockHz + Math.floorMod(elapsed, SECOND_NS) * clockHz / SECOND_NS;
    }

    /** The first nanosecond at which so many pixels are out. */
    private long timeOf(long pixels) {
        return epochNs
                + Math.floorDiv(pixels, clockHz) * SECOND_NS
                + Math.ceilDiv(Math.floorMod(pixels, clockHz) * SECOND_NS, clockHz);
    }
}
