package dev.nacre.drm.server;

import dev.nacre.drm.thread.Joining;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.PollSet;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for new clients and for those that hang up. What it tells of is told once, on its thread, and must
 * be quick.
 */
final class Watcher implements AutoCloseable {
    // TIMEOUT: how soon memory is freed that lived by a descriptor which a client has closed.
    private static final int TICK_MS = 1000;

    // TIMEOUT: how long to leave clients waiting when they cannot be accepted, which takes as long as descriptors are
    // short.
    private static final long DEAF_NS = 1_000_000_000;

    private static final int FIRST_SLOT = 2;
    private static final int LEAST_SLOTS = 62;
    private static final System.Logger LOG = System.getLogger(Watcher.class.getName());

    /** Something that somebody may hang up on. */
    private record Watched(Fd fd, Runnable hungUp) {}

    private final Fd listening;
    private final Runnable incoming;
    private final Runnable tick;
    private final EventFd wake = EventFd.create();
    private final Thread thread;

    // Guarded by this.
    private final IdentityHashMap<Object, Watched> watched = new IdentityHashMap<>();
    private final List<Runnable> removed = new ArrayList<>();
    private boolean closed;

    /** The slots of the poll set that is waited on, and what each stands for; the thread's own. */
    private @Nullable PollSet poll;

    private List<Map.Entry<Object, Watched>> slots = List.of();
    private int capacity;
    private int filled;
    private long deafUntilNs = System.nanoTime();

    /**
     * Makes it.
     *
     * @param listening stays the caller's
     * @param incoming a client may be accepted
     * @param tick called about each second
     */
    Watcher(Fd listening, Runnable incoming, Runnable tick) {
        this.listening = listening;
        this.incoming = incoming;
        this.tick = tick;
        this.thread = Thread.ofPlatform().daemon().name("nacre-drm-watcher").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Watches a socket.
     *
     * @param key by what it is removed
     * @param fd stays open until it was removed
     */
    void add(Object key, Fd fd, Runnable hungUp) {
        synchronized (this) {
            watched.put(key, new Watched(fd, hungUp));
        }
        wake.signal();
    }

    /**
     * Watches a socket no longer.
     *
     * @param then told on the thread when it is not looked at any more
     */
    void remove(Object key, Runnable then) {
        synchronized (this) {
            watched.remove(key);
            removed.add(then);
        }
        wake.signal();
    }

    /** Ends the thread; what was to be told when it was removed is told. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        wake.signal();
        Joining.join(thread);
        wake.close();
    }

    private void run() {
        long lastTickNs = System.nanoTime();
        while (prepare()) {
            look();
            if (System.nanoTime() - lastTickNs >= TICK_MS * 1_000_000L) {
                lastTickNs = System.nanoTime();
                quietly(tick);
            }
        }
        if (poll != null) {
            poll.close();
        }
    }

    /** Fills the slots anew, then tells those that were removed; false at the end. */
    private boolean prepare() {
        List<Runnable> due;
        boolean going;
        synchronized (this) {
            slots = List.copyOf(watched.entrySet().stream()
                    .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
                    .toList());
            due = List.copyOf(removed);
            removed.clear();
            going = !closed;
        }
        due.forEach(Watcher::quietly);
        return going;
    }

    private void look() {
        PollSet set = room(slots.size());
        set.set(0, wake.fd());
        set.set(1, System.nanoTime() - deafUntilNs >= 0 ? listening : null);
        for (int i = 0; i < slots.size(); i++) {
            set.setHangUpOnly(FIRST_SLOT + i, slots.get(i).getValue().fd);
        }
        int ready = set.await(TICK_MS);
        if (ready == 0) {
            return;
        }
        if (set.isReady(0)) {
            long _ = wake.drain();
        }
        for (int i = 0; i < slots.size(); i++) {
            if (set.isReady(FIRST_SLOT + i)) {
                Map.Entry<Object, Watched> entry = slots.get(i);
                synchronized (this) {
                    watched.remove(entry.getKey());
                }
                quietly(entry.getValue().hungUp);
            }
        }
        if (set.isReady(1)) {
            acceptOrRest();
        }
    }

    private void acceptOrRest() {
        try {
            incoming.run();
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "The DRM server cannot accept a client", e);
            deafUntilNs = System.nanoTime() + DEAF_NS;
        }
    }

    /** A set with as many slots at least, the others of which are empty. */
    private PollSet room(int count) {
        PollSet set = poll;
        if (set == null || count > capacity) {
            if (set != null) {
                set.close();
            }
            capacity = Math.max(LEAST_SLOTS, 2 * count);
            set = new PollSet(FIRST_SLOT + capacity);
            poll = set;
        }
        for (int i = count; i < filled; i++) {
            set.set(FIRST_SLOT + i, null);
        }
        filled = count;
        return set;
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "The DRM server met a failure", e);
        }
    }
}
