package dev.nacre.drm.kms;

import dev.nacre.drm.DrmFile;
import org.jspecify.annotations.Nullable;

/** Bytes that are a property's value. They never change. */
final class Blob extends ModeObject {
    /** Most bytes of one. */
    static final int MOST_BYTES = 1 << 20;

    private final byte[] bytes;
    private final @Nullable DrmFile owner;

    /** Bytes, which nobody changes any more, of a file or of nobody. */
    Blob(byte[] bytes, @Nullable DrmFile owner) {
        super(ObjectType.BLOB);
        this.bytes = bytes;
        this.owner = owner;
    }

    byte[] bytes() {
        return bytes;
    }

    @Nullable
    DrmFile owner() {
        return owner;
    }
}
