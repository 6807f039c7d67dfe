package dev.nacre.board.host;

import java.util.function.LongSupplier;

/** What RM tells the host engine about channels. GSP's engine thread; each call is complete when it returns. */
public interface ChannelControl {
    /** The page directory is not known; take it from the instance block. */
    long NO_PAGE_DIRECTORY = -1;

    /**
     * A channel to be made.
     *
     * @param channelId as the driver chose it, from 0; with {@code runlist} the name in a doorbell
     * @param rmEngineType NV2080_ENGINE_TYPE that it is for
     * @param gpFifoAddress virtual address of the GPFIFO ring
     * @param gpFifoEntries number of its 8-byte entries; any value a driver may send
     * @param userd where USERD lies
     * @param instanceBlock where the instance block lies
     * @param pageDirectory gives the physical VRAM address of the channel's page directory or {@link
     *     #NO_PAGE_DIRECTORY}; asked at each use, since it may be set later
     */
    record Request(
            int channelId,
            int rmEngineType,
            long gpFifoAddress,
            int gpFifoEntries,
            MemoryRef userd,
            MemoryRef instanceBlock,
            LongSupplier pageDirectory) {}

    /**
     * A place in physical memory.
     *
     * @param address physical address in VRAM, or bus address
     * @param system whether it is system memory
     */
    record MemoryRef(long address, boolean system) {}

    /**
     * Makes a channel.
     *
     * @return its handle, unique for the board's life; or -1 if the engine or the channel id is impossible or taken
     */
    long allocate(Request request);

    /**
     * Gives a channel that was restored from saved state the source of its page directory again, as {@link
     * Request#pageDirectory}. Ignored if there is no such channel.
     */
    void pageDirectory(long channel, LongSupplier pageDirectory);

    /** Binds a channel to an engine type (a06f0104). False if that is impossible. */
    boolean bind(long channel, int rmEngineType);

    /** Makes a channel runnable or not (a06f0103). */
    void schedule(long channel, boolean enabled);

    /** Ends a channel; none of its work runs when this returns. */
    void free(long channel);

    /** The token that a doorbell takes for a channel: {@code runlist << 16 | channelId}. */
    int workSubmitToken(long channel);

    /** Disables or enables all channels (20800ac3, around a suspend). */
    void enableAll(boolean enabled);
}
