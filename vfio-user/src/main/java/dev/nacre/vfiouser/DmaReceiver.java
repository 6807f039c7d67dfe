package dev.nacre.vfiouser;

import dev.nacre.linux.NativeException;
import dev.nacre.vfiouser.transport.MessageQueue;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.wire.Header;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * Receives the replies to {@link DmaMessages}. On the client's only socket its commands come too, in between: those go
 * into a queue for the connection's thread, which may itself be waiting for a reply, inside a register access. Its
 * {@link #run} is the life of a thread.
 */
final class DmaReceiver implements Runnable {
    private static final System.Logger LOG = System.getLogger(DmaReceiver.class.getName());

    private final MessageReader reader;
    private final DmaMessages messages;
    private final @Nullable MessageQueue commands;

    /**
     * Makes a receiver.
     *
     * @param reader of the socket
     * @param messages what waits for replies
     * @param commands takes the commands; null where none may come
     */
    DmaReceiver(MessageReader reader, DmaMessages messages, @Nullable MessageQueue commands) {
        this.reader = reader;
        this.messages = messages;
        this.commands = commands;
    }

    /** Receives until the socket ends, or brings what must not come. */
    @Override
    public void run() {
        try {
            while (receive()) {
                // One message after the other.
            }
        } catch (NativeException e) {
            LOG.log(Level.DEBUG, "The socket for DMA messages broke.", e);
        } finally {
            messages.end();
            if (commands != null) {
                commands.end();
            }
        }
    }

    private boolean receive() {
        return switch (reader.next()) {
            case END -> false;
            case BAD_SIZE -> commands != null && commands.put(reader.copy(true));
            case MESSAGE -> {
                boolean reply = (reader.flags() & Header.TYPE_MASK) == Header.TYPE_REPLY;
                // A reply that nobody waits for is refused like any other wrong message, by the dispatcher.
                yield (reply && messages.deliver(reader)) || (commands != null && commands.put(reader.copy(false)));
            }
        };
    }
}
