package dev.nacre.board.disp;

import dev.nacre.hw.disp.Nvc67d;

/**
 * The raster of a head, as its armed state gives it.
 *
 * @param linesTotal lines of a frame, blanking included
 * @param pixelsTotal pixels of a line, blanking included
 * @param blankStartLine first line of vertical blanking
 * @param periodNs time of a frame
 */
record HeadTiming(int linesTotal, int pixelsTotal, int blankStartLine, long periodNs) {
    private static final int SIDE = 0x7fff;
    // A raster that no monitor shows must not keep the engine busy: 1 to 1000 frames a second.
    private static final long MIN_PERIOD_NS = 1_000_000;
    private static final long MAX_PERIOD_NS = 1_000_000_000;

    /** A head that is off: blank, sixty times a second. */
    private static final HeadTiming OFF = new HeadTiming(0, 0, 0, 1_000_000_000 / 60);

    /** Reads it from the core channel. */
    static HeadTiming of(ChannelState core, int head) {
        int base = head * Nvc67d.HEAD_STRIDE;
        int size = core.armed(base + Nvc67d.HEAD_SET_RASTER_SIZE);
        long clockHz = core.armed(base + Nvc67d.HEAD_SET_PIXEL_CLOCK_FREQUENCY) & 0xffffffffL;
        int lines = size >> 16 & SIDE;
        int pixels = size & SIDE;
        if (lines == 0 || pixels == 0 || clockHz == 0) {
            return OFF;
        }
        long period = Math.clamp(lines * (long) pixels * 1_000_000_000L / clockHz, MIN_PERIOD_NS, MAX_PERIOD_NS);
        int blankStart = core.armed(base + Nvc67d.HEAD_SET_RASTER_BLANK_START) >> 16 & SIDE;
        return new HeadTiming(lines, pixels, Math.min(blankStart, lines - 1), period);
    }

    /** Whether the head scans anything out. */
    boolean isOn() {
        return linesTotal > 0;
    }

    /** The line at a time; frames begin at multiples of the period. */
    int lineAt(long timeNs) {
        return (int) (Math.floorMod(timeNs, periodNs) * linesTotal / periodNs);
    }

    /** The pixel in its line at a time. */
    int pixelAt(long timeNs) {
        long inFrame = Math.floorMod(timeNs, periodNs) * linesTotal;
        return (int) (inFrame % periodNs * pixelsTotal / periodNs);
    }

    /** When vertical blanking begins for the first time after a time. */
    long nextBlankAfter(long timeNs) {
        long phase = isOn() ? blankStartLine * periodNs / linesTotal + 1 : 0;
        return Math.floorDiv(timeNs - phase, periodNs) * periodNs + periodNs + phase;
    }
}
