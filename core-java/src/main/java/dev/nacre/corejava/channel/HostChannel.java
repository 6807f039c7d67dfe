package dev.nacre.corejava.channel;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.hw.host.GpEntry;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;
import dev.nacre.hw.host.SemExecute;
import dev.nacre.hw.host.SemExecute.Operation;
import dev.nacre.hw.rm.ParamLayout.Bind;
import dev.nacre.hw.rm.ParamLayout.ChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.Schedule;
import dev.nacre.hw.rm.RmControl;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the host engine. To each submission the core adds a release of the channel's semaphore, by which it knows
 * how far the GPU has got, and an interrupt where somebody waits for it. Any thread.
 */
public final class HostChannel implements AutoCloseable {
    /** Is told what becomes of a submission; by any thread, which holds no lock of a channel. */
    public interface Completion {
        /** It is done. */
        void completed();

        /** It never will be. */
        void failed();
    }

    /**
     * Commands.
     *
     * @param address their virtual address
     * @param dwords how many, from 1
     */
    public record Segment(long address, int dwords) {}

    /**
     * A channel to be made.
     *
     * @param space its addresses
     * @param parent what it hangs under: the client's device, or a group
     * @param engine what it is for
     * @param id its id
     * @param privileged whether its copies may use physical addresses
     * @param pushBytes room for commands that the core keeps for it, a multiple of 4096
     * @param methodBytes what the firmware wants for a faulted engine's methods
     */
    public record Request(
            ChannelSpace space,
            int parent,
            GpuEngine engine,
            int id,
            boolean privileged,
            long pushBytes,
            long methodBytes) {}

    /** Most segments of a submission. */
    public static final int MOST_SEGMENTS = 256;

    private static final int RUNLIST_SHIFT = 16;

    // So often an interrupt is asked for even if nobody waits, so that who waits for room is woken.
    private static final int INTERRUPT_ENTRIES = ChannelMemory.RING_ENTRIES / 4;

    private record Pending(long sequence, Completion completion) {}

    private final WatchedGpu live;
    private final Request request;
    private final ChannelMemory memory;
    private final int handle;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();

    /** For each submission under way, how many entries there were at its end. */
    private final long[] entriesAtEnd = new long[ChannelMemory.RING_ENTRIES];

    // Guarded by lock.
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long entries;
    private long submitted;
    private long completed;
    private long entriesAtInterrupt;
    private long lastInterrupt;
    private long seenByInterrupt;
    private boolean failed;
    private boolean closed;

    /**
     * Makes one and lets it run.
     *
     * @throws CoreException if there is no memory, or the firmware refuses
     */
    public HostChannel(WatchedGpu live, VideoMemory videoMemory, Request request) {
        this.live = live;
        this.request = request;
        this.memory = new ChannelMemory(live, videoMemory, request.space(), request.pushBytes(), request.methodBytes());
        RmSession session = request.space().session();
        int made = 0;
        try {
            ChannelModel model = live.gpu().channels();
            made = session.allocate(request.parent(), model.gpfifoClass(), parameters(model.allocationBytes()));
            int engineType = request.engine().rmEngineType();
            session.control(
                    made,
                    RmControl.NVA06F_CTRL_CMD_BIND.number(),
                    new WireStruct(Bind.BYTES)
                            .put32(Bind.ENGINE_TYPE, engineType)
                            .bytes());
            session.control(
                    made,
                    RmControl.NVA06F_CTRL_CMD_GPFIFO_SCHEDULE.number(),
                    new WireStruct(Schedule.BYTES).put8(Schedule.ENABLE, 1).bytes());
        } catch (CoreException e) {
            int begun = made;
            if (begun != 0) {
                live.release(() -> session.free(begun));
            }
            memory.close();
            throw e;
        }
        handle = made;
    }

    private byte[] parameters(int bytes) {
        int id = request.id();
        int flags = ChannelAlloc.FLAG_USERD_INDEX_PAGE_FIXED
                | (id / ChannelAlloc.USERDS_PER_PAGE) << ChannelAlloc.FLAG_USERD_INDEX_PAGE_VALUE_SHIFT
                | (id % ChannelAlloc.USERDS_PER_PAGE) << ChannelAlloc.FLAG_USERD_INDEX_VALUE_SHIFT;
        flags |= request.privileged() ? ChannelAlloc.FLAG_PRIVILEGED : ChannelAlloc.FLAG_DENY_PHYSICAL_MODE_CE;
        boolean inGroup = request.parent() != request.space().session().device();
        WireStruct parameters = new WireStruct(bytes)
                .put64(ChannelAlloc.GP_FIFO_OFFSET, memory.ringAddress())
                .put32(ChannelAlloc.GP_FIFO_ENTRIES, ChannelMemory.RING_ENTRIES)
                .put32(ChannelAlloc.FLAGS, flags)
                .put32(ChannelAlloc.VA_SPACE, inGroup ? 0 : request.space().vaSpace())
                .put32(ChannelAlloc.ENGINE_TYPE, request.engine().rmEngineType())
                .put32(
                        ChannelAlloc.INTERNAL_FLAGS,
                        ChannelAlloc.INTERNAL_ERROR_NOTIFIER_NONE
                                | ChannelAlloc.INTERNAL_ECC_ERROR_NOTIFIER_NONE
                                | (request.privileged() ? ChannelAlloc.INTERNAL_PRIVILEGE_ADMIN : 0));
        memory.describe(parameters);
        return parameters.bytes();
    }

    /** Its id. */
    public int id() {
        return request.id();
    }

    /** Whether it is the core's own, of which clients know nothing. */
    public boolean isPrivileged() {
        return request.privileged();
    }

    /** What it is for. */
    public GpuEngine engine() {
        return request.engine();
    }

    /** The firmware's handle of it. */
    public int handle() {
        return handle;
    }

    /** Virtual address of the room for commands that the core keeps. */
    long pushAddress() {
        return memory.pushAddress();
    }

    /** Writes 32 bits of that room. */
    void putPush(int word, int value) {
        memory.putPush(word, value);
    }

    /**
     * Has the GPU run commands, after all that were submitted before.
     *
     * @param segments 0 to {@link #MOST_SEGMENTS}
     * @param interrupt whether the end is to interrupt; of itself it does only now and then
     * @param completion is told the end, if not null; needs an interrupt
     * @param timeoutNs the longest wait for room in the ring
     * @return the number of the submission
     * @throws CoreException with {@link CoreError#TIMED_OUT} if there is no room; with {@link CoreError#IO} if the
     *     channel has failed
     */
    public long submit(List<Segment> segments, boolean interrupt, @Nullable Completion completion, long timeoutNs) {
        int needed = segments.size() + 1;
        lock.lock();
        try {
            awaitProgress(() -> ChannelMemory.RING_ENTRIES - 1 - (entries - entriesDone()) >= needed, timeoutNs);
            if (failed) {
                throw failure();
            }
            for (Segment segment : segments) {
                putEntry(segment.address(), segment.dwords());
            }
            submitted++;
            boolean asks = interrupt || entries + 1 - entriesAtInterrupt >= INTERRUPT_ENTRIES;
            if (asks) {
                entriesAtInterrupt = entries + 1;
                lastInterrupt = submitted;
            }
            putEntry(memory.tailAddress(submitted), putTail(submitted, asks));
            entriesAtEnd[slot(submitted)] = entries;
            if (completion != null) {
                pending.add(new Pending(submitted, completion));
            }
            memory.putGpPut((int) (entries & ChannelMemory.RING_ENTRIES - 1));
            live.gpu().ringDoorbell(request.engine().runlist() << RUNLIST_SHIFT | request.id());
            return submitted;
        } finally {
            lock.unlock();
        }
    }

    private void putEntry(long address, int dwords) {
        long entry = GpEntry.LENGTH.set(GpEntry.GET.set(0, address >>> 2), dwords);
        memory.putEntry((int) (entries & ChannelMemory.RING_ENTRIES - 1), entry);
        entries++;
    }

    /** Writes what ends a submission. Returns how many words that are. */
    private int putTail(long sequence, boolean interrupt) {
        int execute = SemExecute.of(Operation.RELEASE);
        execute = SemExecute.RELEASE_WFI.set(execute, true);
        execute = SemExecute.PAYLOAD_SIZE_64BIT.set(execute, true);
        memory.putTail(sequence, 0, PushHeader.incrementing(0, HostMethod.SEM_ADDR_LO.address(), 5));
        memory.putTail(sequence, 1, (int) memory.semaphoreAddress());
        memory.putTail(sequence, 2, (int) (memory.semaphoreAddress() >>> 32));
        memory.putTail(sequence, 3, (int) sequence);
        memory.putTail(sequence, 4, (int) (sequence >>> 32));
        memory.putTail(sequence, 5, execute);
        memory.putTail(sequence, 6, PushHeader.incrementing(0, HostMethod.NON_STALL_INTERRUPT.address(), 1));
        memory.putTail(sequence, 7, 0);
        return interrupt ? 8 : 6;
    }

    /**
     * Waits until a submission is done.
     *
     * @return whether it was in time
     * @throws CoreException with {@link CoreError#IO} if it never will be
     */
    boolean await(long sequence, long timeoutNs) {
        lock.lock();
        try {
            awaitProgress(() -> completed >= sequence, timeoutNs);
            return true;
        } catch (CoreException e) {
            if (e.error() == CoreError.TIMED_OUT) {
                return false;
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** The last submission that is done. */
    long completed() {
        lock.lock();
        try {
            refresh();
            return completed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nothing is under way; a channel that has failed has nothing.
     *
     * @return whether that was in time
     */
    public boolean rest(long timeoutNs) {
        lock.lock();
        try {
            refresh();
            if (completed < submitted && lastInterrupt < submitted && !failed) {
                submit(List.of(), true, null, timeoutNs);
            }
            long all = submitted;
            awaitProgress(() -> completed >= all, timeoutNs);
            return true;
        } catch (CoreException e) {
            return failed || closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether it has failed. */
    public boolean hasFailed() {
        lock.lock();
        try {
            return failed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Looks how far it has got, since its engine has interrupted.
     *
     * @return whether the interrupt may have been this channel's
     */
    boolean interrupted() {
        List<Completion> done = new ArrayList<>();
        boolean active;
        lock.lock();
        try {
            active = submitted > seenByInterrupt;
            refresh();
            seenByInterrupt = completed;
            Pending first = pending.peek();
            while (first != null && first.sequence <= completed) {
                done.add(first.completion);
                pending.remove();
                first = pending.peek();
            }
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        done.forEach(Completion::completed);
        return active;
    }

    /** Ends its work: what is not done fails. */
    public void fail() {
        interrupted();
        List<Completion> lost = new ArrayList<>();
        lock.lock();
        try {
            failed = true;
            pending.forEach(one -> lost.add(one.completion));
            pending.clear();
            progress.signalAll();
        } finally {
            lock.unlock();
        }
        lost.forEach(Completion::failed);
    }

    /** Frees it; what is not done fails. Idempotent. */
    @Override
    public void close() {
        interrupted();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        live.release(() -> request.space().session().free(handle));
        fail();
        memory.close();
    }

    /** Waits for the GPU until something holds. Holds the lock, but not while it waits. */
    private void awaitProgress(BooleanSupplier condition, long timeoutNs) {
        long left = timeoutNs;
        refresh();
        while (!closed && !failed && !condition.getAsBoolean()) {
            if (left <= 0) {
                throw new CoreException(
                        CoreError.TIMED_OUT,
                        "Channel makes no room: channel=" + id() + " submitted=" + submitted + " done=" + completed);
            }
            try {
                left = progress.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CoreException(CoreError.TIMED_OUT, "Wait for a channel was interrupted", e);
            }
            if (!closed) {
                refresh();
            }
        }
        if (closed) {
            throw new CoreException(CoreError.STALE, "Channel was closed: channel=" + id());
        }
        if (failed && !condition.getAsBoolean()) {
            throw failure();
        }
    }

    private CoreException failure() {
        return new CoreException(CoreError.IO, "Channel has failed: channel=" + id());
    }

    /** Looks how far it has got. The semaphore lies where the channel's own commands could write. */
    private void refresh() {
        if (!closed) {
            // GUEST: never more than was submitted, never less than before.
            long seen = memory.completed();
            if (seen > completed && seen <= submitted) {
                completed = seen;
            }
        }
    }

    private long entriesDone() {
        return completed == 0 ? 0 : entriesAtEnd[slot(completed)];
    }

    private static int slot(long sequence) {
        return (int) (sequence & ChannelMemory.RING_ENTRIES - 1);
    }
}
