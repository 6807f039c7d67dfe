package dev.nacre.core;

import java.util.List;

/** Runs commands that lie in its address space. */
public interface Channel extends AutoCloseable {
    /** Its id. */
    int id();

    /** What the method SET_OBJECT takes to have the group's engine on a subchannel. */
    int engineObject();

    /**
     * Has the GPU run commands, after all that were submitted before. Waits while the channel's ring is full, a second at
     * most.
     *
     * @param pushes the parts in their order, 1 to 256
     * @param timeline what is told the end of it
     * @param point what it reaches then: more than any point that was submitted for it before
     * @throws CoreException with {@link CoreError#TIMED_OUT} if the ring stays full; with {@link CoreError#IO} if the
     *     channel has failed; with {@link CoreError#INVALID_ARGUMENT} if a part or the point is impossible
     */
    void submit(List<Push> pushes, Timeline timeline, long point);

    /** Ends it; the points that it had not reached fail. Clients are told {@link CoreEvent.ChannelEnd}. Idempotent. */
    @Override
    void close();

    /**
     * Commands.
     *
     * @param address their virtual address, a multiple of 4
     * @param bytes their size, a multiple of 4, from 4 to 8 MiB - 4
     */
    record Push(long address, int bytes) {
        private static final int MOST_BYTES = (8 << 20) - 4;

        /**
         * Checks it.
         *
         * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming the value and what is allowed
         */
        public Push {
            if (address < 0 || address % 4 != 0 || bytes < 4 || bytes > MOST_BYTES || bytes % 4 != 0) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Commands are impossible: address=0x" + Long.toHexString(address) + " bytes=" + bytes
                                + " allowed=multiples of 4, 4 to " + MOST_BYTES + " bytes");
            }
        }
    }
}
