package dev.nacre.vfiouser.transport;

import dev.nacre.linux.Fd;
import java.util.List;

/**
 * A copy of a message, to be served later by another reader than the one that received it.
 *
 * @param bytes header and body; the header alone if its size is impossible
 * @param fds descriptors that came with it; whoever holds the message owns them
 * @param hasExcessFds whether more came than may
 * @param hasBadSize whether the header's size is impossible
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record QueuedMessage(byte[] bytes, List<Fd> fds, boolean hasExcessFds, boolean hasBadSize) {}
