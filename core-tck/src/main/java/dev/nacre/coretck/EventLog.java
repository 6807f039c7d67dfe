package dev.nacre.coretck;

import dev.nacre.core.CoreEvent;
import dev.nacre.core.EventKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What a client was told, in order. Any thread. */
final class EventLog implements Consumer<CoreEvent> {
    // TIMEOUT: events come within milliseconds; a busy machine takes longer.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<CoreEvent> events = new ArrayList<>();

    @Override
    public synchronized void accept(CoreEvent event) {
        events.add(event);
        notifyAll();
    }

    synchronized List<CoreEvent> all() {
        return List.copyOf(events);
    }

    List<EventKind> kinds() {
        return all().stream().map(CoreEvent::kind).toList();
    }

    /** How many events of a kind came for a channel. */
    long count(EventKind kind, int channelId) {
        return all().stream()
                .filter(event -> event.kind() == kind && channelOf(event) == channelId)
                .count();
    }

    private static int channelOf(CoreEvent event) {
        return switch (event) {
            case CoreEvent.ChannelStart start -> start.channelId();
            case CoreEvent.FifoNonstall nonstall -> nonstall.channelId();
            case CoreEvent.ChannelEnd end -> end.channelId();
            case CoreEvent.Fault fault -> fault.channelId();
            default -> -1;
        };
    }

    /** Waits until something is so, looking at it after every event. */
    void awaitUntil(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int seen = -1;
        while (true) {
            int now = all().size();
            if (now != seen && condition.getAsBoolean()) {
                return;
            }
            seen = now;
            if (!awaitMore(seen, end)) {
                throw new AssertionError("Never " + what + "; told " + all());
            }
        }
    }

    private synchronized boolean awaitMore(int seen, long endNs) {
        while (events.size() == seen) {
            long leftMs = (endNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            try {
                wait(leftMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting for an event", e);
            }
        }
        return true;
    }

    /** Waits for an event of a kind. */
    <T extends CoreEvent> T await(Class<T> type) {
        return await(type, event -> true);
    }

    /** Waits for an event, which may have come already. */
    <T extends CoreEvent> T await(Class<T> type, Predicate<T> which) {
        awaitUntil("told " + type.getSimpleName(), () -> find(type, which).isPresent());
        return find(type, which).orElseThrow();
    }

    private <T extends CoreEvent> Optional<T> find(Class<T> type, Predicate<T> which) {
        return all().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(which)
                .findFirst();
    }
}
