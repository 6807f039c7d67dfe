package dev.nacre.display.rfb;

import java.time.Duration;

/**
 * What viewers may take.
 *
 * @param viewers most viewers of one screen at a time, 1 or more
 * @param framesPerSecond most looks at the source a second, and most updates a second for each viewer; 1 to 1000
 * @param handshake how long a viewer may take until it is told the screen's size
 * @param stall how long one update may take to be written before its viewer is given up
 */
public record RfbLimits(int viewers, int framesPerSecond, Duration handshake, Duration stall) {
    // TIMEOUT: a handshake is a few round trips; ten seconds is for people who type nothing and lines that are bad.
    // A viewer that takes nothing for half a minute has gone without a word.
    private static final RfbLimits DEFAULTS = new RfbLimits(16, 30, Duration.ofSeconds(10), Duration.ofSeconds(30));

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public RfbLimits {
        if (viewers < 1 || framesPerSecond < 1 || framesPerSecond > 1000) {
            throw new IllegalArgumentException("No limits: viewers=" + viewers + " framesPerSecond=" + framesPerSecond);
        }
        if (handshake.isNegative() || handshake.isZero() || stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("No limits: handshake=" + handshake + " stall=" + stall);
        }
    }

    /** 16 viewers, 30 frames a second, 10 s for a handshake, 30 s for an update. */
    public static RfbLimits defaults() {
        return DEFAULTS;
    }

    long frameNs() {
        return 1_000_000_000L / framesPerSecond;
    }
}
