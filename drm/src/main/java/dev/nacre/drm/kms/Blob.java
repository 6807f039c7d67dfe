package dev.nacre.drm.kms;

import dev.nacre.drm.DrmFile;
import org.jspecify.annotations.Nullable;

/** Bytes that are a property's value. They never change. */
final class Blob extends ModeObject {
    /** Most bytes of one. */
    static final int MOST_BYTES = 1 << 20;

    /** As how many bytes small ones count, so that they are not too many. */
    private static final int LEAST_BYTES = 4096;

    private final byte[] bytes;
    private final @Nullable DrmFile owner;

    /** Bytes, which nobody changes any more, of a file or of nobody. */
    Blob(byte[] bytes, @Nullable DrmFile owner) {
        super(ObjectType.BLOB);
        this.bytes = bytes;
        this.owner = owner;
    }

    /** As how much one counts of what a file may have. */
    static long countedBytes(int bytes) {
        return Math.max(LEAST_BYTES, bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    @Nullable
    DrmFile owner() {
        return owner;
    }
}
