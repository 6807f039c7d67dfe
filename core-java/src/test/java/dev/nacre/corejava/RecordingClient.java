package dev.nacre.corejava;

import dev.nacre.core.Attachment;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A client that remembers what it is told. */
final class RecordingClient implements Consumer<CoreEvent> {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    final List<CoreEvent> events = new CopyOnWriteArrayList<>();
    private final AtomicReference<Attachment> attachment = new AtomicReference<>();
    private volatile Consumer<CoreEvent> then = event -> {};

    Client as(String name, ClientKind kind) {
        return Client.of(name, kind, Set.of(), this);
    }

    Client client() {
        return as("test", ClientKind.TOOL);
    }

    /** Attaches it; it detaches when the core is unbound. */
    Attachment attach(Core core) {
        return attach(core, client());
    }

    /** Attaches it under a name and kind. */
    Attachment attach(Core core, Client as) {
        Attachment made = core.attach(as);
        attachment.set(made);
        return made;
    }

    /** What it does besides. */
    RecordingClient then(Consumer<CoreEvent> action) {
        then = action;
        return this;
    }

    @Override
    public void accept(CoreEvent event) {
        synchronized (events) {
            events.add(event);
            events.notifyAll();
        }
        Attachment mine = attachment.get();
        if (event instanceof CoreEvent.DriverUnbind && mine != null) {
            mine.close();
        }
        then.accept(event);
    }

    /** Waits until an event has come. */
    void await(Predicate<CoreEvent> wanted) throws Exception {
        await(1, wanted);
    }

    /** Waits until so many events have come. */
    void await(int count, Predicate<CoreEvent> wanted) throws Exception {
        long end = System.nanoTime() + PATIENCE_NS;
        synchronized (events) {
            while (events.stream().filter(wanted).count() < count) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new TimeoutException("Only came: " + events);
                }
                TimeUnit.NANOSECONDS.timedWait(events, left);
            }
        }
    }
}
