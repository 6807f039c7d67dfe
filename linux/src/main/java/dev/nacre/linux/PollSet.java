package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of slots for descriptors to wait on until one can be read. Allocates nothing while waiting. One thread
 * at a time.
 */
public final class PollSet implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Libc.STATE);
    private final MemorySegment slots;
    private final int capacity;

    /**
     * Makes a set of empty slots.
     *
     * @param capacity number of slots, 1 or more
     */
    public PollSet(int capacity) {
        this.capacity = capacity;
        this.slots = arena.allocate(Abi.POLLFD, capacity);
        for (int slot = 0; slot < capacity; slot++) {
            set(slot, null);
        }
    }

    /**
     * Fills a slot.
     *
     * @param slot 0 to capacity - 1
     * @param fd what to wait for, which must stay open while it is here; null empties the slot
     */
    public void set(int slot, @Nullable Fd fd) {
        fill(slot, fd, Abi.POLLIN);
    }

    /**
     * Fills a slot that becomes ready only when the other side has gone, not when there is something to read.
     *
     * @param slot 0 to capacity - 1
     * @param fd a connected socket, which must stay open while it is here
     */
    public void setHangUpOnly(int slot, Fd fd) {
        fill(slot, fd, (short) 0);
    }

    /**
     * Waits until some descriptor can be read, has failed, or was hung up on.
     *
     * @param timeoutMs longest wait in milliseconds; 0 only looks, negative waits without limit
     * @return number of slots for which {@link #isReady} is true; 0 after the timeout or a signal
     */
    public int await(int timeoutMs) {
        int ready = Libc.poll(state, slots, capacity, timeoutMs);
        if (ready < 0) {
            if (Libc.errno(state) == Errno.EINTR.number()) {
                return 0;
            }
            throw new NativeException("poll", Libc.errno(state), "count=" + capacity + ", timeout=" + timeoutMs);
        }
        return ready;
    }

    /**
     * Whether the last wait ended with this slot ready: to read, to accept, or to learn of its end.
     *
     * @param slot 0 to capacity - 1
     */
    public boolean isReady(int slot) {
        return slots.get(JAVA_SHORT, base(slot) + Abi.POLL_REVENTS) != 0;
    }

    /** Frees the slots; the descriptors stay open. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private void fill(int slot, @Nullable Fd fd, short events) {
        long base = base(slot);
        slots.set(JAVA_INT, base + Abi.POLL_FD, fd == null ? -1 : fd.number());
        slots.set(JAVA_SHORT, base + Abi.POLL_EVENTS, events);
        slots.set(JAVA_SHORT, base + Abi.POLL_REVENTS, (short) 0);
    }

    private long base(int slot) {
        return Objects.checkIndex(slot, capacity) * Abi.POLLFD.byteSize();
    }
}
