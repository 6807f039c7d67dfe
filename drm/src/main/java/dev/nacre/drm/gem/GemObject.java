package dev.nacre.drm.gem;

import dev.nacre.core.MemoryObject;
import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
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
