package dev.nacre.board.engine;

/** Learns how long an owner's work takes, so that passes last about as long as they should. One thread at a time. */
final class PassCost {
    /** Least work of a pass: less would cost more to begin than to do. */
    static final long LEAST_WORK = 256 << 10;

    /** Work that says something about its cost. */
    private static final long SAMPLE_WORK = 64 << 10;

    /** What copying costs on a usual machine, nanoseconds for a byte. */
    private static final double FIRST_GUESS = 0.15;

    private double nsPerWork = FIRST_GUESS;

    /** Work that fits into a time. */
    long workFor(long timeNs) {
        return (long) Math.clamp(timeNs / nsPerWork, (double) LEAST_WORK, (double) EngineSource.PASS_WORK);
    }

    /** Notes how long work took. Believes sooner that it is dear than that it is cheap. */
    void ran(long work, long timeNs) {
        if (work >= SAMPLE_WORK && timeNs > 0) {
            double seen = (double) timeNs / work;
            nsPerWork += (seen - nsPerWork) / (seen > nsPerWork ? 2 : 8);
        }
    }
}
