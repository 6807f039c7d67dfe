package dev.nacre.core;

/** A range of channel ids that nobody else has. */
public interface ChannelIds extends AutoCloseable {
    /** The first. */
    int first();

    /** How many. */
    int count();

    /** Gives them back. @throws CoreException with {@link CoreError#BUSY} if one has a channel. Idempotent. */
    @Override
    void close();
}
