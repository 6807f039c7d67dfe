package dev.nacre.daemon.host;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The last events, in a ring. Whoever adds one never waits for those that read: a reader has a {@link Cursor} of its own,
 * and misses what the ring has forgotten when it comes too late. Any thread.
 */
public final class EventLog {
    /** How many events are kept unless told otherwise. */
    public static final int DEFAULT_CAPACITY = 4096;

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();

    // Guarded by the lock: the event with an id lies at the id modulo the size.
    private final @Nullable ServiceEvent[] ring;
    private long lastId;
    private long dropped;

    /** Makes an empty one with the system's clock and {@link #DEFAULT_CAPACITY}. */
    public EventLog() {
        this(DEFAULT_CAPACITY, InstantSource.system());
    }

    /**
     * Makes an empty one.
     *
     * @param capacity how many events are kept, from 1
     * @param clock tells when events happen
     */
    public EventLog(int capacity, InstantSource clock) {
        this.ring = new ServiceEvent[capacity];
        this.clock = clock;
    }

    /**
     * What an event is about.
     *
     * @param board a board's name; empty if it concerns none
     * @param vgpu a virtual GPU's name; empty if it concerns none
     */
    public record Subject(Optional<String> board, Optional<String> vgpu) {
        /** The daemon. */
        public static final Subject DAEMON = new Subject(Optional.empty(), Optional.empty());

        /** A board. */
        public static Subject board(String name) {
            return new Subject(Optional.of(name), Optional.empty());
        }

        /** A virtual GPU of a board. */
        public static Subject vgpu(String board, String name) {
            return new Subject(Optional.of(board), Optional.of(name));
        }
    }

    /**
     * Adds an event.
     *
     * @param text one sentence for people
     * @param details for programs
     */
    public ServiceEvent add(ServiceEvent.Kind kind, Subject subject, String text, Map<String, String> details) {
        lock.lock();
        try {
            ServiceEvent event =
                    new ServiceEvent(++lastId, clock.instant(), kind, subject.board(), subject.vgpu(), text, details);
            ring[slot(lastId)] = event;
            added.signalAll();
            return event;
        } finally {
            lock.unlock();
        }
    }

    /** The number of the last event; 0 if there was none yet. */
    public long lastId() {
        lock.lock();
        try {
            return lastId;
        } finally {
            lock.unlock();
        }
    }

    /** How many events the ring had forgotten before a reader came to read them, for all readers together. */
    public long dropped() {
        lock.lock();
        try {
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** The newest events that are kept, the oldest first. */
    public List<ServiceEvent> recent(int most) {
        lock.lock();
        try {
            List<ServiceEvent> events = new ArrayList<>();
            for (long id = Math.max(firstId(), lastId - most + 1); id <= lastId; id++) {
                events.add(at(id));
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins to read.
     *
     * @param afterId the number of the last event that is known already; 0 or one that has not been used yet, as from a
     *     former life of the daemon, for all that are kept
     */
    public Cursor cursor(long afterId) {
        long last = lastId();
        return new Cursor(afterId < 0 || afterId > last ? 0 : afterId);
    }

    private int slot(long id) {
        return (int) (id % ring.length);
    }

    private long firstId() {
        return Math.max(1, lastId - ring.length + 1);
    }

    private ServiceEvent at(long id) {
        ServiceEvent event = ring[slot(id)];
        if (event == null) {
            throw new IllegalStateException("No event has the number " + id);
        }
        return event;
    }

    /** A reader. One thread. */
    public final class Cursor {
        private long readId;
        private long missed;

        private Cursor(long readId) {
            this.readId = readId;
        }

        /**
         * The next event.
         *
         * @param patience the longest wait for it; {@link Duration#ZERO} for none
         * @return empty if none has come
         * @throws InterruptedException if the thread is interrupted
         */
        public Optional<ServiceEvent> next(Duration patience) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long leftNs = patience.toNanos();
                while (readId == lastId) {
                    if (leftNs <= 0) {
                        return Optional.empty();
                    }
                    leftNs = added.awaitNanos(leftNs);
                }
                long first = firstId();
                if (readId + 1 < first) {
                    missed += first - readId - 1;
                    dropped += first - readId - 1;
                    readId = first - 1;
                }
                return Optional.of(at(++readId));
            } finally {
                lock.unlock();
            }
        }

        /** How many events the ring had forgotten before they were read. */
        public long missed() {
            return missed;
        }
    }
}
