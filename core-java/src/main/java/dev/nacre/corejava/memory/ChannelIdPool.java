package dev.nacre.corejava.memory;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;

/** The ids of a GPU's channels: the low ones are for the core to choose, the others are kept for virtual GPUs. Any thread. */
public final class ChannelIdPool {
    /** How many the core keeps for itself at least. */
    public static final int LEAST_OWN = 64;

    private final RangeAllocator own;
    private final RangeAllocator reserved;

    /**
     * Divides them.
     *
     * @param channels how many there are
     * @param wanted how many are to be kept for virtual GPUs; clipped to what leaves {@link #LEAST_OWN}
     */
    public ChannelIdPool(int channels, int wanted) {
        int kept = Math.clamp(channels - LEAST_OWN, 0, wanted);
        own = RangeAllocator.of(0, channels - kept);
        reserved = RangeAllocator.of(channels - kept, kept);
    }

    /** How many are kept for virtual GPUs. */
    public int reserved() {
        return (int) reserved.total();
    }

    /** How many of these are free. */
    public int availableReserved() {
        return (int) reserved.available();
    }

    /** How many of the core's own are free. */
    public int availableOwn() {
        return (int) own.available();
    }

    /**
     * Takes a range of those that are kept.
     *
     * @param count how many
     * @return the first
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if that is none; with {@link CoreError#NO_SPACE} if
     *     no such range is free
     */
    public int allocateReserved(int count) {
        if (count < 1) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of channel ids is impossible: count=" + count + " allowed=1 or more");
        }
        return (int) reserved.allocate(count, 1)
                .orElseThrow(() -> new CoreException(
                        CoreError.NO_SPACE,
                        "No such range of channel ids is free: count=" + count + " free=" + reserved.available()
                                + " reserved=" + reserved.total()));
    }

    /** Gives a range back that begins with an id. */
    public void freeReserved(int first) {
        reserved.free(first);
    }

    /**
     * Takes one of the core's own.
     *
     * @throws CoreException with {@link CoreError#NO_SPACE} if none is left
     */
    public int allocateOwn() {
        return (int) own.allocate(1, 1)
                .orElseThrow(
                        () -> new CoreException(CoreError.NO_SPACE, "No channel id is left: channels=" + own.total()));
    }

    /** Gives one back. */
    public void freeOwn(int id) {
        own.free(id);
    }
}
