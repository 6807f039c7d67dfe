package dev.nacre.board.gsp;

import dev.nacre.hw.rm.RpcFunction;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** How often drivers sent which message. Any thread. */
final class MessageCounts {
    private static final String UNKNOWN = "unknown";

    private final Map<RpcFunction, LongAdder> known = new EnumMap<>(RpcFunction.class);
    private final LongAdder unknown = new LongAdder();

    MessageCounts() {
        for (RpcFunction function : RpcFunction.values()) {
            known.put(function, new LongAdder());
        }
    }

    /** Counts one; null for a function that nobody knows. */
    void count(@Nullable RpcFunction function) {
        LongAdder counter = function == null ? unknown : known.getOrDefault(function, unknown);
        counter.increment();
    }

    /** The counts by name, of those that were sent. */
    Map<String, Long> byName() {
        Map<String, Long> counts = new TreeMap<>();
        known.forEach((function, count) -> put(counts, function.name(), count.sum()));
        put(counts, UNKNOWN, unknown.sum());
        return counts;
    }

    private static void put(Map<String, Long> counts, String name, long count) {
        if (count > 0) {
            counts.put(name, count);
        }
    }
}
