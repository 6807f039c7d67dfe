package dev.nacre.board.engine;

/** Time that something was busy, counted by whole seconds of the clock. One thread at a time. */
final class BusyTime {
    /** Length of a window in nanoseconds. */
    static final long WINDOW_NS = 1_000_000_000;

    private long window = Long.MIN_VALUE;
    private long busyNs;
    private long lastNs;
    private long totalNs;

    /** Adds a stretch of time; none may begin before an earlier one. */
    void add(long startNs, long endNs) {
        totalNs += Math.max(0, endNs - startNs);
        for (long at = startNs; at < endNs; ) {
            long in = Math.floorDiv(at, WINDOW_NS);
            long until = Math.min(endNs, (in + 1) * WINDOW_NS);
            roll(in);
            busyNs += until - at;
            at = until;
        }
    }

    /** Nanoseconds busy in the last window that is over. */
    long lastWindowNs(long nowNs) {
        roll(Math.floorDiv(nowNs, WINDOW_NS));
        return lastNs;
    }

    /** Nanoseconds busy in all. */
    long totalNs() {
        return totalNs;
    }

    private void roll(long to) {
        if (to > window) {
            lastNs = to == window + 1 ? busyNs : 0;
            busyNs = 0;
            window = to;
        }
    }
}
