package dev.nacre.drm.kms;

import dev.nacre.core.DisplaySurface;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.gem.GemObject;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A picture that planes can show. Holds its object as long as a client has it or it is shown. Counts references: one of
 * the client's, one of each use.
 */
final class FrameBuffer extends ModeObject {
    private final DisplaySurface surface;
    private final PixelFormat format;
    private final long modifier;
    private final boolean modified;
    private final GemObject object;
    private final @Nullable DrmFile owner;
    private final AtomicInteger references = new AtomicInteger(1);

    /**
     * A picture.
     *
     * @param object a reference of it, which goes with the last of the frame buffer
     * @param modified whether the client named the modifier
     * @param owner whose it is; null for cursors that have no number
     */
    FrameBuffer(
            DisplaySurface surface,
            PixelFormat format,
            long modifier,
            boolean modified,
            GemObject object,
            @Nullable DrmFile owner) {
        super(ObjectType.FRAME_BUFFER);
        this.surface = surface;
        this.format = format;
        this.modifier = modifier;
        this.modified = modified;
        this.object = object;
        this.owner = owner;
    }

    DisplaySurface surface() {
        return surface;
    }

    PixelFormat format() {
        return format;
    }

    long modifier() {
        return modifier;
    }

    boolean isModified() {
        return modified;
    }

    GemObject object() {
        return object;
    }

    @Nullable
    DrmFile owner() {
        return owner;
    }

    void retain() {
        references.incrementAndGet();
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            object.close();
        }
    }
}
