package dev.nacre.vfiouser;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.vfiouser.transport.MessageQueue;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection needs to ask its client for memory: {@link DmaMessages}, the thread that receives the replies, and the
 * second socket, if the client took one. Without a second socket the thread also receives the client's commands, which the
 * connection then takes from {@link #commands}: one more change of threads for each.
 */
final class MessageDma implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(MessageDma.class.getName());

    // TIMEOUT: the thread only waits for a socket that has ended and a queue that has ended.
    private static final Duration END = Duration.ofSeconds(1);

    private final FdSocket socket;
    private final boolean ownsSocket;
    private final MessageReader reader;
    private final @Nullable MessageQueue commands;
    private final DmaMessages messages;
    private final Thread thread;

    private MessageDma(String name, FdSocket socket, Setup setup) {
        this.socket = socket;
        this.ownsSocket = setup.commands == null;
        this.commands = setup.commands;
        this.reader = new MessageReader(socket, () -> {});
        this.messages = new DmaMessages(socket, setup.maxDataBytes, setup.breakOff);
        this.thread = Thread.ofPlatform()
                .name("vfio-user-dma-" + name)
                .unstarted(new DmaReceiver(reader, messages, commands));
    }

    /**
     * What both kinds need.
     *
     * @param maxDataBytes most data bytes per message that the client takes
     * @param breakOff ends the client's connection
     * @param commands for the client's commands, if they come through the same socket
     */
    private record Setup(
            long maxDataBytes, Runnable breakOff, @Nullable MessageQueue commands) {}

    /**
     * Asks through a second socket.
     *
     * @param name of the device
     * @param twin our end of it, owned by the result
     * @param client the client
     * @param breakOff ends its connection
     */
    static MessageDma overTwin(String name, Fd twin, ClientInfo client, Runnable breakOff) {
        FdSocket socket = new FdSocket(twin, 1);
        MessageDma dma = new MessageDma(name, socket, new Setup(client.maxDataBytes(), breakOff, null));
        dma.thread.start();
        return dma;
    }

    /**
     * Asks through the socket by which the client's commands come.
     *
     * @param name of the device
     * @param main the socket, which stays the caller's
     * @param reader its reader so far; commands are to be loaded into it
     * @param writer its writer so far
     * @param client the client
     */
    static MessageDma overMain(
            String name, FdSocket main, MessageReader reader, MessageWriter writer, ClientInfo client) {
        Setup setup = new Setup(client.maxDataBytes(), main::shutdown, new MessageQueue());
        MessageDma dma = new MessageDma(name, main, setup);
        reader.handOver(dma.reader);
        writer.share(dma.messages.sendLock());
        dma.thread.start();
        return dma;
    }

    /** Where to take the client's commands from; null if they come from its socket as ever. */
    @Nullable
    MessageQueue commands() {
        return commands;
    }

    /** The sender. */
    DmaMessages messages() {
        return messages;
    }

    /** Ends all transfers; on the client's only socket, its connection too. Any thread. */
    void end() {
        messages.end();
        socket.shutdown();
        if (commands != null) {
            commands.end();
        }
    }

    /** Frees everything; after {@link #end}, and when nobody takes commands any more. */
    @Override
    public void close() {
        try {
            if (!thread.join(END)) {
                LOG.log(Level.ERROR, "The thread " + thread.getName() + " does not end.");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        messages.close();
        reader.close();
        if (commands != null) {
            commands.close();
        }
        if (ownsSocket) {
            socket.close();
        }
    }
}
