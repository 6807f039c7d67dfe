package dev.nacre.core.spi;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;

/**
 * How the engines' time is divided between virtual GPUs.
 *
 * @param policy by which rule
 * @param sliceMs how long one runs before the next, in milliseconds, 1 to 30; 0 for the firmware's choice. Without effect
 *     for {@link Policy#BEST_EFFORT}
 */
public record VgpuScheduling(Policy policy, int sliceMs) {
    /** The longest slice in milliseconds. */
    public static final int MAX_SLICE_MS = 30;

    /** Whoever has work runs in turn. */
    public static final VgpuScheduling DEFAULT = new VgpuScheduling(Policy.BEST_EFFORT, 0);

    /** A rule by which time is divided. */
    public enum Policy {
        /** Whoever has work runs in turn. */
        BEST_EFFORT,
        /** Each that exists has the same share, used or not. */
        EQUAL_SHARE,
        /** Each has the share that its type has when the GPU is full, used or not. */
        FIXED_SHARE
    }

    /** Checks it. @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming the value and what is allowed */
    public VgpuScheduling {
        if (sliceMs < 0 || sliceMs > MAX_SLICE_MS) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Time slice is impossible: sliceMs=" + sliceMs + " allowed=0 to " + MAX_SLICE_MS);
        }
    }
}
