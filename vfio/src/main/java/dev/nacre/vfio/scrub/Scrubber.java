package dev.nacre.vfio.scrub;

import dev.nacre.core.Attachment;
import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import dev.nacre.core.MapRequest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Fills memory with zeros by the copy engine, and waits for it. Any thread may call; several scrubs go on at a time if
 * their channel ids differ.
 */
public final class Scrubber implements AutoCloseable {
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    // HW: as many virtual functions as an RM can know: VGPU_MAX_GFID
    private static final int MOST_AT_A_TIME = 64;

    /** What all scrubs share: memory for semaphores, of which each has a page. */
    private record Means(Attachment attachment, FbMemory memory, Bar1Mapping mapping) {}

    private final Duration patience;
    private volatile @Nullable Means means;

    /** Guarded by itself: pages in use. */
    private final BitSet slots = new BitSet();

    private final Map<Integer, Waiter> waiters = new ConcurrentHashMap<>();

    /**
     * Makes one.
     *
     * @param patience the longest wait for one fill
     */
    public Scrubber(Duration patience) {
        this.patience = patience;
    }

    /** Takes what the core tells its client; without that no scrub ends. */
    public void accept(CoreEvent event) {
        switch (event) {
            case CoreEvent.FifoNonstall it -> wake(it.channelId(), false);
            case CoreEvent.Fault it -> wake(it.channelId(), true);
            default -> {}
        }
    }

    /**
     * Takes what all scrubs need: a page for each, which lies where the core likes. Before the first one; once.
     *
     * @param to pays for everything
     */
    public void attach(Attachment to) {
        FbMemory memory = to.allocFbMemory(FbRequest.of(MOST_AT_A_TIME * FbRequest.PAGE_BYTES));
        try {
            Bar1Mapping mapping = memory.mapBar1(MapRequest.of(0, memory.bytes()));
            means = new Means(to, memory, mapping);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    /**
     * Fills memory with zeros. When this returns, the host and every channel see them.
     *
     * @param channelIds the last of them runs the fill; it must have no channel
     * @param memory all of it is filled
     * @throws CoreException with {@link CoreError#TIMED_OUT} or {@link CoreError#IO} if the engine does not do it; with
     *     {@link CoreError#BUSY} if there are too many at a time; and as the core's operations. The memory holds anything
     *     then
     */
    public void scrub(ChannelIds channelIds, FbMemory memory) {
        Means has = means;
        if (has == null) {
            throw new CoreException(CoreError.STALE, "Scrubs have ended");
        }
        int slot = takeSlot();
        try (CeChannel channel = has.attachment.allocCeChannel(Optional.of(channelIds), channelIds.count() - 1);
                ChannelMapping semaphore =
                        channel.map(has.memory, MapRequest.of(slot * FbRequest.PAGE_BYTES, FbRequest.PAGE_BYTES));
                ChannelMapping target = channel.map(memory, MapRequest.of(0, memory.bytes()))) {
            Waiter waiter = new Waiter(has.mapping, slot * FbRequest.PAGE_BYTES);
            waiters.put(channel.id(), waiter);
            try {
                FillCommands.submit(channel, target.address(), memory.bytes(), semaphore.address());
                waiter.await();
            } finally {
                waiters.remove(channel.id(), waiter);
            }
        } finally {
            giveSlot(slot);
        }
    }

    /** Gives back what {@link #attach} took. Idempotent. */
    @Override
    public void close() {
        Means had = means;
        means = null;
        if (had != null) {
            had.mapping.close();
            had.memory.close();
        }
    }

    private int takeSlot() {
        synchronized (slots) {
            int slot = slots.nextClearBit(0);
            if (slot >= MOST_AT_A_TIME) {
                throw new CoreException(CoreError.BUSY, "Too many scrubs at a time: allowed=" + MOST_AT_A_TIME);
            }
            slots.set(slot);
            return slot;
        }
    }

    private void giveSlot(int slot) {
        synchronized (slots) {
            slots.clear(slot);
        }
    }

    private void wake(int channelId, boolean failed) {
        Waiter waiter = waiters.get(channelId);
        if (waiter != null) {
            waiter.wake(failed);
        }
    }

    /** Waits for one fill. */
    private final class Waiter {
        private final Bar1Mapping mapping;
        private final long at;
        private final MemorySegment buffer = MemorySegment.ofArray(new byte[Integer.BYTES]);
        private boolean told;
        private boolean failed;

        Waiter(Bar1Mapping mapping, long at) {
            this.mapping = mapping;
            this.at = at;
            mapping.write(at, buffer, 0, Integer.BYTES);
        }

        synchronized void wake(boolean hasFailed) {
            told = true;
            failed |= hasFailed;
            notifyAll();
        }

        void await() {
            // TIMEOUT: the options' bound: an engine that does not clear memory in time is not to be trusted with it.
            long end = System.nanoTime() + patience.toNanos();
            while (awaitWake(end)) {
                mapping.read(at, buffer, 0, Integer.BYTES);
                if (buffer.get(WORD, 0) == FillCommands.DONE) {
                    return;
                }
            }
            throw new CoreException(
                    CoreError.TIMED_OUT, "The copy engine did not clear memory in time: patience=" + patience);
        }

        /** Waits for an event that nobody has taken; false if there is none in time. */
        private synchronized boolean awaitWake(long end) {
            while (!told) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    // Rounded up, so that it is no busy loop at the end.
                    wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new CoreException(CoreError.TIMED_OUT, "Clearing memory was interrupted", e);
                }
            }
            told = false;
            if (failed) {
                throw new CoreException(CoreError.IO, "The copy engine failed while it cleared memory");
            }
            return true;
        }
    }
}
