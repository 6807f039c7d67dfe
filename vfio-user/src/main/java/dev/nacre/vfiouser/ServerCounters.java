package dev.nacre.vfiouser;

import dev.nacre.vfiouser.ServerStatistics.Times;
import dev.nacre.vfiouser.wire.Command;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** The numbers behind {@link ServerStatistics}. Any thread; counting never blocks and allocates nothing. */
final class ServerCounters {
    private static final int UNKNOWN = 0;

    private final boolean isTimed;
    private final AtomicLongArray messages = new AtomicLongArray(Command.values().length + 1);
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLongArray times = new AtomicLongArray(Times.RANGES);
    private final AtomicLong timeSumNs = new AtomicLong();

    /** @param isTimed whether messages are to be timed */
    ServerCounters(boolean isTimed) {
        this.isTimed = isTimed;
    }

    boolean isTimed() {
        return isTimed;
    }

    void message(int command) {
        messages.incrementAndGet(Command.of(command) == null ? UNKNOWN : command);
    }

    void rejected() {
        rejected.incrementAndGet();
    }

    void connected() {
        connections.incrementAndGet();
    }

    void took(long ns) {
        times.incrementAndGet(Times.range(ns));
        timeSumNs.addAndGet(ns);
    }

    static String name(int command) {
        Command known = Command.of(command);
        return known == null ? "unknown" : known.name().toLowerCase(Locale.ROOT);
    }

    ServerStatistics snapshot() {
        Map<String, Long> byName = new TreeMap<>();
        for (int i = 0; i < messages.length(); i++) {
            if (messages.get(i) > 0) {
                byName.put(name(i), messages.get(i));
            }
        }
        return new ServerStatistics(
                byName,
                rejected.get(),
                connections.get(),
                isTimed ? Optional.of(new Times(copy(times), timeSumNs.get())) : Optional.empty());
    }

    private static List<Long> copy(AtomicLongArray from) {
        return IntStream.range(0, from.length()).mapToObj(from::get).toList();
    }
}
