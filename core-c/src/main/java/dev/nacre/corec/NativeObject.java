package dev.nacre.corec;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;

/** Something that a core in C gave out: a handle, and the operation that frees it. */
abstract class NativeObject implements AutoCloseable {
    private final CoreTable table;
    private final long handle;
    private final Op free;
    private volatile boolean freed;

    NativeObject(CoreTable table, long handle, Op free) {
        this.table = table;
        this.handle = handle;
        this.free = free;
    }

    final CoreTable table() {
        return table;
    }

    /** The handle, for an operation. @throws CoreException with {@link CoreError#STALE} if it was freed */
    final long pointer() {
        if (freed) {
            throw new CoreException(CoreError.STALE, "It was freed: " + this);
        }
        return handle;
    }

    /**
     * Frees it. Nothing is locked meanwhile, as a detach waits for listeners, who may free things too. What C knows as
     * freed, with what it belonged to or with the core, is.
     */
    @Override
    public void close() {
        if (freed) {
            return;
        }
        try {
            table.call(free, handle);
        } catch (CoreException e) {
            if (e.error() != CoreError.STALE && e.error() != CoreError.GONE) {
                throw e;
            }
        }
        freed = true;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[0x" + Long.toHexString(handle) + "]";
    }

    /** An object of another's as one of this core's. */
    final <T extends NativeObject> T own(Object other, Class<T> type) {
        if (!type.isInstance(other) || type.cast(other).table() != table) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "It belongs to another core: " + other);
        }
        return type.cast(other);
    }
}
