package dev.nacre.board.gsp;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts, by kind, what was wrong with a driver's records; the first of each kind is logged. Any thread. */
final class QueueErrors {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final System.Logger log = System.getLogger(Gsp.class.getName());

    /**
     * Counts one.
     *
     * @param kind one of a few texts in this package
     */
    void count(String kind) {
        LongAdder count = counts.get(kind);
        if (count == null) {
            log.log(System.Logger.Level.WARNING, "GSP queue: " + kind);
            count = counts.computeIfAbsent(kind, k -> new LongAdder());
        }
        count.increment();
    }

    Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((kind, count) -> copy.put(kind, count.sum()));
        return copy;
    }
}
