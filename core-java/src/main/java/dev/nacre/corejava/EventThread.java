package dev.nacre.corejava;

import dev.nacre.core.Client;
import dev.nacre.core.CoreEvent;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients events: one at a time, in the order in which they were posted, without a lock. Who waits for an event on
 * this very thread, inside a listener, has the events up to that one delivered meanwhile.
 */
final class EventThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EventThread.class.getName());

    // TIMEOUT: a listener that takes longer holds up everybody; whoever waits for it does no longer.
    static final long LISTENER_NS = 5_000_000_000L;

    /** Of so many notices that nobody has been told yet, further ones are lost: plugins are not to fill memory. */
    private static final int MOST_NOTICES = 1024;

    /** A client that is told events. */
    static final class Receiver {
        private final Client client;
        private volatile long firstSequence = Long.MAX_VALUE;
        private volatile long lastSequence = Long.MAX_VALUE;
        private int depth;

        Receiver(Client client) {
            this.client = client;
        }

        private boolean wants(long sequence) {
            return sequence >= firstSequence && sequence <= lastSequence;
        }
    }

    /** An event; for one receiver or for all. */
    private record Item(
            long sequence, CoreEvent event, @Nullable Receiver only) {}

    private final List<Receiver> receivers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    // Guarded by lock.
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final Set<Integer> nonStalls = new HashSet<>();
    private final ArrayDeque<Long> running = new ArrayDeque<>();
    private int notices;
    private long posted;
    private long delivered;
    private boolean closed;

    EventThread() {
        thread = Thread.ofPlatform().name("nacre-core-events").daemon().start(this::serve);
    }

    /** Posts an event to all. @return its number */
    long post(CoreEvent event) {
        return post(event, null);
    }

    private long post(CoreEvent event, @Nullable Receiver only) {
        lock.lock();
        try {
            if (closed || (event instanceof CoreEvent.FifoNonstall(int id) && !nonStalls.add(id))) {
                return posted;
            }
            if (event instanceof CoreEvent.VgpuNotice && notices++ >= MOST_NOTICES) {
                notices--;
                return posted;
            }
            posted++;
            if (only != null && event instanceof CoreEvent.DriverStart) {
                only.firstSequence = posted;
            } else if (only != null) {
                only.lastSequence = posted;
            }
            queue.add(new Item(posted, event, only));
            changed.signalAll();
            return posted;
        } finally {
            lock.unlock();
        }
    }

    /** Has a client be told events, beginning with {@link CoreEvent.DriverStart}. @return the number of that */
    long start(Receiver receiver) {
        receivers.add(receiver);
        return post(new CoreEvent.DriverStart(), receiver);
    }

    /** Has a client be told no events any more after {@link CoreEvent.DriverEnd}. @return the number of that */
    long end(Receiver receiver) {
        return post(new CoreEvent.DriverEnd(), receiver);
    }

    /** Whether this is called by a client's listener. */
    boolean isInside(Receiver receiver) {
        return Thread.currentThread() == thread && receiver.depth > 0;
    }

    /** Whether this is called by some listener. */
    boolean isInsideAny() {
        return Thread.currentThread() == thread;
    }

    /**
     * Waits until an event has been told to all whom it concerns.
     *
     * @return whether that was in time
     */
    boolean await(long sequence, long timeoutNs) {
        if (isInsideAny()) {
            while (!isDelivered(sequence) && deliverNext(false)) {
                // Until it is that event's turn.
            }
            return true;
        }
        boolean interrupted = false;
        lock.lock();
        try {
            long left = timeoutNs;
            while (!closed && !isTold(sequence)) {
                if (left <= 0) {
                    return false;
                }
                try {
                    left = changed.awaitNanos(left);
                } catch (InterruptedException e) {
                    // Who detaches must not return before its listener does; it is told of the interruption then.
                    interrupted = true;
                }
            }
            return true;
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Delivers what was posted so far. Only inside a listener. */
    void drain() {
        while (deliverNext(false)) {
            // Until nothing is left.
        }
    }

    private boolean isDelivered(long sequence) {
        lock.lock();
        try {
            return closed || delivered >= sequence;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that was posted so far has been told, as {@link #await}. */
    void awaitAll(long timeoutNs) {
        long last;
        lock.lock();
        try {
            last = posted;
        } finally {
            lock.unlock();
        }
        await(last, timeoutNs);
    }

    /** Whether an event was begun, and none up to it still runs: inside a listener later ones may come first. */
    private boolean isTold(long sequence) {
        return delivered >= sequence && (running.isEmpty() || running.getFirst() > sequence);
    }

    private void serve() {
        while (deliverNext(true)) {
            // Until the end.
        }
    }

    private boolean deliverNext(boolean wait) {
        Item item = next(wait);
        if (item == null) {
            return false;
        }
        try {
            Receiver only = item.only;
            if (only != null) {
                tell(only, item);
            } else {
                receivers.forEach(receiver -> tell(receiver, item));
            }
            if (item.event instanceof CoreEvent.DriverEnd && only != null) {
                receivers.remove(only);
            }
        } finally {
            lock.lock();
            try {
                running.removeLast();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        return true;
    }

    private @Nullable Item next(boolean wait) {
        lock.lock();
        try {
            while (wait && queue.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            Item item = closed ? null : queue.poll();
            if (item != null) {
                if (item.event instanceof CoreEvent.FifoNonstall(int id)) {
                    nonStalls.remove(id);
                } else if (item.event instanceof CoreEvent.VgpuNotice) {
                    notices--;
                }
                running.addLast(item.sequence);
                delivered = item.sequence;
            }
            return item;
        } finally {
            lock.unlock();
        }
    }

    private static void tell(Receiver receiver, Item item) {
        if (!receiver.wants(item.sequence)) {
            return;
        }
        receiver.depth++;
        try {
            receiver.client.listener().accept(item.event);
        } catch (RuntimeException | Error e) {
            LOG.log(
                    Level.ERROR,
                    "Client failed to handle an event: client=" + receiver.client.name() + " event=" + item.event,
                    e);
        } finally {
            receiver.depth--;
        }
    }

    /** Ends it: what nobody was told yet, nobody will be; a listener that runs may still do so. Idempotent. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
