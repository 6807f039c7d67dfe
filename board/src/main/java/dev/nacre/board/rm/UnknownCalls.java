package dev.nacre.board.rm;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts, by name, what drivers asked for and the board does not know. Any thread. */
public final class UnknownCalls {
    /** Distinct names that are counted one by one; a driver makes up names at will. */
    static final int MAX_NAMES = 1024;

    private static final String OTHERS = "others";

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final System.Logger log = System.getLogger(UnknownCalls.class.getName());

    /** Makes an empty count. */
    public UnknownCalls() {}

    /**
     * Counts one call; the first of each name is logged.
     *
     * @param kind what it is: {@code control}, {@code class}, {@code function}
     * @param name NVIDIA's name, or a number where none is known
     */
    public void count(String kind, String name) {
        String key = kind + " " + name;
        LongAdder known = counts.get(key);
        if (known == null) {
            known = counts.computeIfAbsent(counts.size() < MAX_NAMES ? key : OTHERS, k -> new LongAdder());
            if (counts.size() < MAX_NAMES) {
                log.log(System.Logger.Level.DEBUG, "Driver asked for what the board does not know; " + key);
            }
        }
        known.increment();
    }

    /** How often each was asked for, by name. */
    public Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((name, count) -> copy.put(name, count.sum()));
        return copy;
    }
}
