package dev.nacre.board.engine;

/** An engine whose time is counted. Any thread. */
interface MeteredEngine {
    /** All owners together. */
    int ALL = -1;

    /**
     * Time that work ran.
     *
     * @param lastWindowNs in the last whole second, in nanoseconds
     * @param totalNs in all
     */
    record BusyTimes(long lastWindowNs, long totalNs) {
        static final BusyTimes NONE = new BusyTimes(0, 0);

        BusyTimes plus(long windowNs, long ns) {
            return new BusyTimes(lastWindowNs + windowNs, totalNs + ns);
        }
    }

    /** Time that an owner's work ran, or that of all. */
    BusyTimes busy(int owner);
}
