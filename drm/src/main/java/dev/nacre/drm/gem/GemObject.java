package dev.nacre.drm.gem;

import dev.nacre.core.MemoryObject;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Graphics memory that clients have handles of. Counts references: handles, binds, frame buffers each hold one; with the
 * last the memory is freed. Drivers extend it by what they keep beside. Any thread may call.
 */
public class GemObject implements AutoCloseable {
    private final MemoryObject memory;
    private final AtomicInteger references = new AtomicInteger(1);
    private final AtomicInteger handles = new AtomicInteger();

    // Guarded by this: what has to end before others use it.
    private final Set<Fence> writes = new LinkedHashSet<>(1);
    private final Set<Fence> reads = new LinkedHashSet<>(1);

    /** Where it has an offset or a name; set once. */
    private volatile @Nullable GemShared shared;

    /**
     * Makes one, with one reference, which is the caller's.
     *
     * @param memory belongs to the object from now on
     */
    public GemObject(MemoryObject memory) {
        this.memory = memory;
    }

    /** The memory. */
    public final MemoryObject memory() {
        return memory;
    }

    /** Its size: a multiple of 4096. */
    public final long bytes() {
        return memory.bytes();
    }

    /** Whether clients can map it. */
    public final boolean isMappable() {
        return memory.file().isPresent();
    }

    /** Whether clients may pass it on. */
    public boolean isShareable() {
        return true;
    }

    /**
     * Takes one reference more. The caller has one.
     *
     * @return this
     */
    public final GemObject retain() {
        if (!tryRetain()) {
            throw new DrmException(Errno.ENOENT, "The object was freed");
        }
        return this;
    }

    /** Takes a reference, if there is any left. */
    public final boolean tryRetain() {
        return references.getAndUpdate(count -> count == 0 ? 0 : count + 1) != 0;
    }

    /** Gives a reference back: exactly once for each that was taken. */
    @Override
    public final void close() {
        int left = references.updateAndGet(count -> count - 1);
        if (left == 0) {
            GemShared known = shared;
            if (known != null) {
                known.freed(this);
            }
            try {
                freed();
            } finally {
                memory.close();
            }
        }
    }

    /** What has to end before somebody reads it, or writes it. HW: {@code dma-resv.h}: dma_resv_usage_rw(). */
    public List<Fence> users(boolean forWrite) {
        List<Fence> users = new ArrayList<>();
        synchronized (this) {
            users.addAll(writes);
            if (forWrite) {
                users.addAll(reads);
            }
        }
        users.removeIf(Fence::isSignalled);
        return users;
    }

    /** Work uses it that has waited for its {@link #users}. */
    public synchronized void use(Fence end, boolean forWrite) {
        reads.removeIf(Fence::isSignalled);
        if (forWrite) {
            writes.clear();
            reads.clear();
        }
        boolean _ = (forWrite ? writes : reads).add(end);
    }

    /**
     * Somebody says that work uses it, which may have waited for nothing.
     *
     * @param payer to whom it counts until the work has ended
     * @throws DrmException with ENOMEM if too much counts to him
     */
    public void addUser(Fence end, boolean forWrite, Quota payer) {
        payer.take(1);
        boolean isNew;
        synchronized (this) {
            writes.removeIf(Fence::isSignalled);
            reads.removeIf(Fence::isSignalled);
            isNew = (forWrite ? writes : reads).add(end);
        }
        if (isNew) {
            Fence.Cancel _ = end.whenSignalled(() -> payer.give(1));
        } else {
            payer.give(1);
        }
    }

    /** Frees what the driver keeps beside; the memory is freed next. */
    protected void freed() {}

    void setShared(GemShared known) {
        shared = known;
    }

    void handleMade() {
        handles.incrementAndGet();
    }

    void handleGone() {
        GemShared known = shared;
        if (handles.decrementAndGet() == 0 && known != null) {
            known.lastHandleGone(this);
        }
    }

    boolean hasHandles() {
        return handles.get() > 0;
    }
}
