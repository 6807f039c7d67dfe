package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;

/** Something that belongs to an attachment, and goes with it at the latest. */
abstract class Handle implements AutoCloseable {
    private final JavaAttachment attachment;
    private volatile boolean freed;

    /** Whether a virtual GPU is made of it; guarded by the gate. */
    private boolean inVgpu;

    Handle(JavaAttachment attachment) {
        this.attachment = attachment;
    }

    final JavaAttachment attachment() {
        return attachment;
    }

    final JavaCore core() {
        return attachment.core();
    }

    final boolean isFreed() {
        return freed;
    }

    /** @throws CoreException if it cannot be used any more, or not now */
    final void requireLive() {
        core().gate().check();
        if (freed) {
            throw new CoreException(CoreError.STALE, "It was freed: " + describe());
        }
    }

    /** A virtual GPU is made of it, or not any more. With the gate's lock. */
    final void inVgpu(boolean is) {
        inVgpu = is;
    }

    /** Whether a virtual GPU is made of it. With the gate's lock. */
    final boolean isInVgpu() {
        return inVgpu;
    }

    /** What people call it. */
    abstract String describe();

    /** @throws CoreException with BUSY if something still uses it. With the gate's lock. */
    void requireUnused() {}

    /** Frees it, also when the GPU has gone. With the gate's lock; called once. */
    abstract void release();

    /** Frees it if it was not. With the gate's lock. */
    final void free() {
        if (!freed) {
            freed = true;
            release();
            attachment.forget(this);
        }
    }

    @Override
    public final void close() {
        core().gate().run(() -> {
            if (!freed) {
                core().requireAwake();
                if (inVgpu) {
                    throw new CoreException(CoreError.BUSY, "A virtual GPU is made of it: " + describe());
                }
                requireUnused();
                free();
            }
        });
    }
}
