package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the host (a VM's RAM) as one function may reach it, by I/O virtual address, checked on every access.
 *
 * <p>The map is an immutable snapshot, swapped whole; readers never lock and allocate nothing. {@link #unmap} returns
 * only when no running transfer uses the range any more. Transfers may come from any thread; each is atomic with respect
 * to unmapping only, not to other writers of the memory: both sides see what a bus would show them. Scalars are
 * little-endian and of any alignment.
 *
 * <p>A transfer that is refused at its start moves nothing. A long one runs in pieces, each on the map of its moment; if
 * a range goes away meanwhile, it faults there, with the pieces before it done. A length below zero counts as one that
 * wraps. Lengths and addresses may come from a guest; offsets into {@code dst} and {@code src} may not: those throw
 * {@link IndexOutOfBoundsException}.
 */
public final class GuestMemory {
    /**
     * Longest piece of a transfer that holds the map; about half a millisecond of copying, which bounds what unmap waits
     * for. The VM's copying needs pieces of more than 2.5 MiB to pass the caches by, as it should for what is larger than
     * they are.
     */
    static final long PIECE = 4 << 20;

    // TIMEOUT: a DMA_UNMAP must be answered within a second, and a piece takes microseconds; only a thread that the
    // kernel holds in a page fault is slower. It is not waited for again: a VMM that sends many unmaps at once would
    // time out over the sum. Its memory stays valid until the arena's owner closes it, and then the transfer faults.
    private static final long DRAIN_NS = 500_000_000;

    /** Smallest page of a dirty log: no host has smaller ones. */
    private static final long MIN_LOG_PAGE_BYTES = 4 << 10;

    /** Largest page of a dirty log. */
    private static final long MAX_LOG_PAGE_BYTES = 1 << 30;

    private static final System.Logger LOG = System.getLogger(GuestMemory.class.getName());

    private final long drainNs;
    private final MixedTransfers mixed = new MixedTransfers(this);

    /** Serializes changes of the map; never taken by a transfer. */
    private final Object changes = new Object();

    private volatile GuestMap current = GuestMap.empty();
    private volatile boolean busMaster;
    private volatile @Nullable MemoryObserver observer;
    private volatile @Nullable DirtyLog dirtyLog;

    /** Makes an empty map with bus mastering off. */
    public GuestMemory() {
        this(DRAIN_NS);
    }

    /** As the other, with another bound for {@link #unmap}'s waiting. */
    GuestMemory(long drainNs) {
        this.drainNs = drainNs;
    }

    /**
     * Reads 32 bits.
     *
     * @throws DmaFault if the range is not mapped readable
     */
    public int readInt(long iova) {
        return (int) read(iova, Integer.BYTES);
    }

    /**
     * Reads 64 bits.
     *
     * @throws DmaFault if the range is not mapped readable
     */
    public long readLong(long iova) {
        return read(iova, Long.BYTES);
    }

    /**
     * Writes 32 bits.
     *
     * @throws DmaFault if the range is not mapped writable
     */
    public void writeInt(long iova, int value) {
        write(iova, Integer.BYTES, value);
    }

    /**
     * Writes 64 bits.
     *
     * @throws DmaFault if the range is not mapped writable
     */
    public void writeLong(long iova, long value) {
        write(iova, Long.BYTES, value);
    }

    /**
     * Reads 32 bits, undivided if naturally aligned, before any later access of this thread: for a pointer or semaphore
     * that says what else may be read.
     *
     * @throws DmaFault if the range is not mapped readable
     */
    public int readIntAcquire(long iova) {
        int value = (int) read(iova, Integer.BYTES);
        VarHandle.acquireFence();
        return value;
    }

    /**
     * Reads 64 bits as {@link #readIntAcquire} does.
     *
     * @throws DmaFault if the range is not mapped readable
     */
    public long readLongAcquire(long iova) {
        long value = read(iova, Long.BYTES);
        VarHandle.acquireFence();
        return value;
    }

    /**
     * Writes 32 bits, undivided if naturally aligned, after every earlier access of this thread: for a pointer or
     * semaphore that says what has been written.
     *
     * @throws DmaFault if the range is not mapped writable
     */
    public void writeIntRelease(long iova, int value) {
        VarHandle.releaseFence();
        write(iova, Integer.BYTES, value);
    }

    /**
     * Writes 64 bits as {@link #writeIntRelease} does.
     *
     * @throws DmaFault if the range is not mapped writable
     */
    public void writeLongRelease(long iova, long value) {
        VarHandle.releaseFence();
        write(iova, Long.BYTES, value);
    }

    /**
     * Copies from host memory, across adjacent mappings.
     *
     * @throws DmaFault if any byte is not mapped readable
     */
    public void read(long iova, MemorySegment dst, long dstOffset, long length) {
        checkLength(iova, length, false);
        Objects.checkFromIndexSize(dstOffset, length, dst.byteSize());
        for (long done = 0; done < length; done += PIECE) {
            long count = Math.min(PIECE, length - done);
            GuestMap map = enter(iova + done, length, false);
            if (map.hasRemote) {
                map.readers.exit();
                mixed.read(iova + done, dst, dstOffset + done, length - done);
                return;
            }
            try {
                map.read(iova + done, dst, dstOffset + done, count, done == 0 ? length : count);
                observe(false, iova + done, dst, dstOffset + done, count);
            } catch (IllegalStateException | InternalError e) {
                throw fault(map, e, iova + done, length, false);
            } finally {
                map.readers.exit();
            }
        }
    }

    /**
     * Copies to host memory, across adjacent mappings.
     *
     * @throws DmaFault if any byte is not mapped writable
     */
    public void write(long iova, MemorySegment src, long srcOffset, long length) {
        checkLength(iova, length, true);
        Objects.checkFromIndexSize(srcOffset, length, src.byteSize());
        for (long done = 0; done < length; done += PIECE) {
            long count = Math.min(PIECE, length - done);
            GuestMap map = enter(iova + done, length, true);
            if (map.hasRemote) {
                map.readers.exit();
                mixed.write(iova + done, src, srcOffset + done, length - done);
                return;
            }
            try {
                map.write(iova + done, src, srcOffset + done, count, done == 0 ? length : count);
                markDirty(iova + done, count);
                observe(true, iova + done, src, srcOffset + done, count);
            } catch (IllegalStateException | InternalError e) {
                markDirty(iova + done, count);
                throw fault(map, e, iova + done, length, true);
            } finally {
                map.readers.exit();
            }
        }
    }

    /**
     * Copies within host memory, upwards. Where the ranges overlap the result is unspecified.
     *
     * @throws DmaFault if any byte is not mapped for its access
     */
    public void copy(long srcIova, long dstIova, long length) {
        checkLength(srcIova, length, false);
        for (long done = 0; done < length; done += PIECE) {
            long count = Math.min(PIECE, length - done);
            GuestMap map = enter(srcIova + done, length, false);
            if (map.hasRemote) {
                map.readers.exit();
                mixed.copy(srcIova + done, dstIova + done, length - done);
                return;
            }
            try {
                long needed = done == 0 ? length : count;
                map.require(srcIova + done, needed, false);
                map.require(dstIova + done, needed, true);
                map.copy(srcIova + done, dstIova + done, count);
                markDirty(dstIova + done, count);
                observeCopy(map, srcIova + done, dstIova + done, count);
            } catch (IllegalStateException | InternalError e) {
                markDirty(dstIova + done, count);
                throw fault(map, e, srcIova + done, length, false);
            } finally {
                map.readers.exit();
            }
        }
    }

    /**
     * Whether a transfer would find every byte mapped, bus mastering aside. Only a moment's truth.
     *
     * @param length bytes; false if below zero
     * @param write whether the transfer writes
     */
    public boolean isMapped(long iova, long length, boolean write) {
        return length >= 0 && current.reach(iova, length, write) == length;
    }

    /**
     * Maps memory.
     *
     * @param iova first address
     * @param memory the memory, as long as its arena lives; its size is the range's. Any thread must be able to use it;
     *     its arena may be closed as soon as the range is unmapped
     * @param readable whether the function may read it
     * @param writable whether the function may write it
     * @throws IllegalArgumentException if the memory is empty, the range wraps or overlaps another, or read-only memory
     *     is to be writable
     */
    public void map(long iova, MemorySegment memory, boolean readable, boolean writable) {
        if (writable && memory.isReadOnly()) {
            throw new IllegalArgumentException("Memory is read-only: iova=0x" + Long.toHexString(iova));
        }
        add(iova, memory.byteSize(), memory, readable, writable);
    }

    /**
     * Takes note of a range whose memory cannot be reached, such as another device's BAR: transfers to it fault, and
     * {@link #unmap} knows it.
     *
     * @param iova first address
     * @param size bytes
     * @throws IllegalArgumentException if the size is not positive, or the range wraps or overlaps another
     */
    public void mapForeign(long iova, long size) {
        add(iova, size, MemorySegment.NULL, false, false);
    }

    /**
     * Maps memory that is elsewhere. A transfer that touches it is made of calls to {@code memory}, on the transfer's
     * thread; nothing in it is undivided, and {@link #unmap} does not wait for it: whoever unmaps must see to it that
     * calls fault from then on, and those that wait for the host end.
     *
     * @param iova first address
     * @param size bytes
     * @param memory what to ask
     * @param readable whether the function may read it
     * @param writable whether the function may write it
     * @throws IllegalArgumentException if the size is not positive, or the range wraps or overlaps another
     */
    public void mapRemote(long iova, long size, RemoteMemory memory, boolean readable, boolean writable) {
        synchronized (changes) {
            current = current.with(iova, size, memory, readable, writable);
        }
    }

    /**
     * Unmaps a range that was mapped by exactly one of the calls above, after waiting for running transfers, at most half
     * a second. Transfers that start meanwhile no longer find the range.
     *
     * @return false if there is no such range
     */
    public boolean unmap(long iova, long size) {
        synchronized (changes) {
            GuestMap next = current.without(iova, size);
            if (next == null) {
                return false;
            }
            replace(next);
            return true;
        }
    }

    /** Unmaps everything, waiting as {@link #unmap} does. */
    public void clear() {
        synchronized (changes) {
            replace(GuestMap.empty());
        }
    }

    /**
     * Allows or forbids all transfers: the function's Bus Master Enable. Those that run may finish their current piece.
     */
    public void busMaster(boolean enabled) {
        busMaster = enabled;
    }

    /**
     * Shows all transfers from now on to an observer, in place of the one before. Costs nothing without one.
     *
     * @param next null for none
     */
    public void observe(@Nullable MemoryObserver next) {
        observer = next;
    }

    /**
     * Begins to note which pages are written by these transfers, none at first, in place of an earlier log. Waits for
     * running transfers as {@link #unmap} does: what is written afterwards is noted, what was written before can be seen.
     *
     * @param pageBytes the wanted page size, a power of two
     * @return the page size of the log: the wanted one, but 4 KiB at least and 1 GiB at most
     * @throws IllegalArgumentException if the page size is not a power of two
     */
    public long startDirtyLog(long pageBytes) {
        if (Long.bitCount(pageBytes) != 1) {
            throw new IllegalArgumentException("Page size is not a power of two: " + pageBytes);
        }
        // The largest power of two is negative.
        long used = pageBytes < 0 ? MAX_LOG_PAGE_BYTES : Math.clamp(pageBytes, MIN_LOG_PAGE_BYTES, MAX_LOG_PAGE_BYTES);
        synchronized (changes) {
            // ORDERING: the log first, then a map with new readers. A transfer on the old map, which may have looked
            // too early, is waited for; one on the new map finds the log.
            dirtyLog = new DirtyLog(used);
            replace(current.renewed());
        }
        return used;
    }

    /** Stops noting and forgets the log; nothing if there is none. */
    public void stopDirtyLog() {
        dirtyLog = null;
    }

    /**
     * Reports which pages have been written since the log began or the last report of them, and begins anew. A page of
     * the log of which the range has only a part is reported each time. Whoever reads such a page from now on sees what
     * was written. One thread at a time.
     *
     * @param iova first address, mapped or not
     * @param length bytes, 1 or more; the range must not wrap
     * @param pageBytes bytes per bit, a power of two, whatever the log's page size
     * @param report receives a bit per page, counted from {@code iova}, as little-endian words of 64 bits
     * @param offset where in it
     * @throws IllegalStateException if there is no log
     */
    public void reportDirty(long iova, long length, long pageBytes, MemorySegment report, long offset) {
        DirtyLog log = dirtyLog;
        if (log == null) {
            throw new IllegalStateException("No dirty log");
        }
        log.report(iova, length, pageBytes, report, offset);
    }

    /** Notes a write, done or failed half-way, while the transfer holds the map. */
    void markDirty(long iova, long length) {
        // ORDERING: after the bytes, and while the transfer still holds the map: when unmap has returned, or a log has
        // begun, every earlier write is in the log that it belongs to.
        DirtyLog log = dirtyLog;
        if (log != null) {
            log.mark(iova, length);
        }
    }

    private void observe(boolean write, long iova, int bytes, long value) {
        if (observer != null) {
            MemorySegment scalar = MemorySegment.ofArray(new byte[Long.BYTES]);
            scalar.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, value);
            observe(write, iova, scalar, 0, bytes);
        }
    }

    /** Shows a transfer, or a piece of it, to the observer. */
    void observe(boolean write, long iova, MemorySegment memory, long offset, long count) {
        MemoryObserver shown = observer;
        if (shown == null) {
            return;
        }
        if (write) {
            shown.wrote(iova, memory.asSlice(offset, count));
        } else {
            shown.read(iova, memory.asSlice(offset, count));
        }
    }

    private void observeCopy(GuestMap map, long srcIova, long dstIova, long count) {
        if (observer != null) {
            MemorySegment bytes = MemorySegment.ofArray(new byte[(int) count]);
            map.read(dstIova, bytes, 0, count, count);
            observe(false, srcIova, bytes, 0, count);
            observe(true, dstIova, bytes, 0, count);
        }
    }

    private void add(long iova, long size, MemorySegment memory, boolean readable, boolean writable) {
        synchronized (changes) {
            current = current.with(iova, size, memory, readable, writable);
        }
    }

    /** Publishes a map from which something is gone and waits until nobody uses the earlier one. Under the lock. */
    private void replace(GuestMap next) {
        Readers readers = current.readers;
        current = next;
        if (!readers.awaitEmpty(System.nanoTime() + drainNs)) {
            LOG.log(System.Logger.Level.WARNING, "A transfer did not leave an old map in time.");
        }
    }

    private long read(long iova, int bytes) {
        GuestMap map = enter(iova, bytes, false);
        if (map.hasRemote) {
            map.readers.exit();
            return mixed.get(iova, bytes);
        }
        try {
            long value = map.get(iova, bytes);
            observe(false, iova, bytes, value);
            return value;
        } catch (IllegalStateException | InternalError e) {
            throw fault(map, e, iova, bytes, false);
        } finally {
            map.readers.exit();
        }
    }

    private void write(long iova, int bytes, long value) {
        GuestMap map = enter(iova, bytes, true);
        if (map.hasRemote) {
            map.readers.exit();
            mixed.set(iova, bytes, value);
            return;
        }
        try {
            map.set(iova, bytes, value);
            markDirty(iova, bytes);
            observe(true, iova, bytes, value);
        } catch (IllegalStateException | InternalError e) {
            markDirty(iova, bytes);
            throw fault(map, e, iova, bytes, true);
        } finally {
            map.readers.exit();
        }
    }

    /**
     * Joins the readers of the current map; the caller must leave them.
     *
     * @throws DmaFault if bus mastering is off
     */
    GuestMap enter(long iova, long length, boolean write) {
        if (!busMaster) {
            throw new DmaFault(iova, length, write);
        }
        while (true) {
            Readers readers = current.readers;
            readers.enter();
            GuestMap map = current;
            if (map.readers == readers) {
                return map;
            }
            readers.exit();
        }
    }

    private static void checkLength(long iova, long length, boolean write) {
        if (length < 0) {
            throw new DmaFault(iova, length, write);
        }
    }

    /**
     * The fault for an access that the memory itself refused: its owner has released it, for unmap gave up waiting; or
     * the file behind it was shrunk, as far as the VM can tell in time ({@link InternalError}).
     *
     * @throws IllegalStateException if neither: the caller's own buffer is released
     */
    static DmaFault fault(GuestMap map, Throwable cause, long iova, long length, boolean write) {
        if (cause instanceof IllegalStateException e && !map.hasReleasedMemory()) {
            throw e;
        }
        return new DmaFault(iova, length, write);
    }
}
