package dev.nacre.core;

/** Channels that share an address space, and an engine's time. */
public interface ChannelGroup extends AutoCloseable {
    /** What they run on. */
    Engine engine();

    /**
     * Makes a channel. Clients are told {@link CoreEvent.ChannelStart}.
     *
     * @throws CoreException with {@link CoreError#NO_SPACE} if no channel id is left
     */
    Channel createChannel();

    /** Ends the channels, and frees the group. Idempotent. */
    @Override
    void close();
}
