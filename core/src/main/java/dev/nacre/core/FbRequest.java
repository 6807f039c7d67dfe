package dev.nacre.core;

import java.util.OptionalLong;

/**
 * A wish for a part of a GPU's memory.
 *
 * @param bytes its size, from 1; rounded up to a multiple of 4096
 * @param alignBytes a power of two that its first byte's offset is a multiple of; at least 4096
 * @param fixedOffset where it has to be; empty for anywhere
 */
public record FbRequest(long bytes, long alignBytes, OptionalLong fixedOffset) {
    /** The smallest alignment, and the granularity of sizes. */
    public static final long PAGE_BYTES = 4096;

    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming the value and what is allowed
     */
    public FbRequest {
        if (bytes < 1 || bytes > 1L << 48) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT, "Size of memory is impossible: bytes=" + bytes + " allowed=1 to 2^48");
        }
        if (alignBytes < PAGE_BYTES || Long.bitCount(alignBytes) != 1) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Alignment is impossible: align=" + alignBytes + " allowed=powers of two from 4096");
        }
        if (fixedOffset.isPresent() && (fixedOffset.getAsLong() & alignBytes - 1) != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Offset is not aligned: offset=" + fixedOffset.getAsLong() + " align=" + alignBytes);
        }
    }

    /** Anywhere, aligned to a page. */
    public static FbRequest of(long bytes) {
        return aligned(bytes, PAGE_BYTES);
    }

    /** Anywhere, aligned. */
    public static FbRequest aligned(long bytes, long alignBytes) {
        return new FbRequest(bytes, alignBytes, OptionalLong.empty());
    }
}
