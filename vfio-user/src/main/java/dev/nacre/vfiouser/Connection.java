package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.Signaller;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ModelGuard.Call;
import dev.nacre.vfiouser.ServerListener.ResetCause;
import dev.nacre.vfiouser.transport.MessageQueue;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageReader.Outcome;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Limits;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One client and everything that it has here. {@link #serve} is the whole life of its thread; the others belong to the
 * thread that accepted it.
 */
final class Connection implements AutoCloseable {
    /** From here on a message counts as slow: a processor of a guest has stood for that long. */
    private static final long SLOW_NS = 1_000_000;

    private final String name;
    private final FdSocket socket;
    private final PciFunction function;
    private final SafeListener listener;
    private final Counters counters = new Counters();
    private final ServerCounters totals;
    private final ModelGuard guard;
    private final LineEvents lineEvents;
    private final MessageReader reader;
    private final MessageWriter writer;
    private final Dispatcher dispatcher;
    private final PollSet probe = new PollSet(1);
    private final Options options;
    private volatile @Nullable MessageDma messageDma;
    private @Nullable MessageQueue commands;
    private volatile boolean ended;
    private boolean abandoned;

    /**
     * How a server treats its clients.
     *
     * @param writeMultiple whether to offer REGION_WRITE_MULTI
     * @param messageDma whether to ask clients for memory that they did not share
     * @param onReconnect what a new client finds
     * @param introduction how long a client may take for its first message; zero for no bound
     * @param unreadReplies how long a client may leave replies unread that fill its socket
     * @param spin how long to look for a message before waiting for it
     */
    record Options(
            boolean writeMultiple,
            boolean messageDma,
            ReconnectPolicy onReconnect,
            Duration introduction,
            Duration unreadReplies,
            Duration spin) {
        Options withoutIntroduction() {
            return new Options(writeMultiple, messageDma, onReconnect, Duration.ZERO, unreadReplies, spin);
        }
    }

    /**
     * Makes a connection.
     *
     * @param client its socket, blocking; owned by the connection
     * @param signaller raises the client's eventfds; stays the caller's
     */
    Connection(Fd client, Device device, Options options, SafeListener listener, Signaller signaller) {
        this.name = device.name();
        this.socket = new FdSocket(client, Limits.MAX_FDS);
        this.function = device.function();
        this.totals = device.counters();
        this.listener = listener;
        this.options = options;
        this.guard = new ModelGuard(device.name(), counters);
        this.lineEvents = new LineEvents(function.interrupts(), socket.fd());
        this.reader = new MessageReader(socket, lineEvents::awaitSocket);
        this.writer = new MessageWriter(socket);
        this.dispatcher = new Dispatcher(
                new Dispatcher.Parts(device, reader, writer, lineEvents, counters, guard, signaller, listener),
                options,
                this::negotiated);
        socket.receiveWithin(options.introduction);
        socket.sendWithin(options.unreadReplies);
        socket.sendBuffer(Limits.MAX_MESSAGE_BYTES);
        socket.spin(options.spin);
    }

    /** Serves the client until it leaves, then takes back what it had. */
    void serve() {
        try {
            while (serveNext()) {
                // Each message is answered before the next is looked at.
            }
        } catch (NativeException e) {
            listener.warning(e.is(Errno.EAGAIN) ? stalled() : "The connection broke: " + e.getMessage() + ".");
        } finally {
            try {
                release();
            } finally {
                end();
            }
        }
    }

    /** Whether {@link #serve} has done everything; its thread is about to end. */
    boolean hasEnded() {
        return ended;
    }

    /** Leaves {@link #close} to the connection's thread, which does not end in time. */
    synchronized void abandon() {
        abandoned = true;
        if (ended) {
            close();
        }
    }

    /** Ends the connection; its thread notices. Any thread. */
    void shutdown() {
        socket.shutdown();
        endMessageDma();
    }

    /** Whether the client has gone, though its thread may still be busy with what it had sent. */
    boolean isPeerGone() {
        probe.setHangUpOnly(0, socket.fd());
        return probe.await(0) > 0;
    }

    /** Closes the socket and frees the buffers. The thread must have ended. */
    @Override
    public void close() {
        MessageDma dma = messageDma;
        if (dma != null) {
            dma.close();
        }
        probe.close();
        reader.close();
        writer.close();
        lineEvents.close();
        socket.close();
    }

    private boolean serveNext() {
        return switch (next()) {
            case MESSAGE -> totals.isTimed() ? serveTimed() : dispatcher.serve();
            case BAD_SIZE -> dispatcher.serveBadSize();
            case END -> false;
        };
    }

    private boolean serveTimed() {
        int command = reader.command();
        long startNs = System.nanoTime();
        boolean goesOn = dispatcher.serve();
        long tookNs = System.nanoTime() - startNs;
        totals.took(tookNs);
        if (tookNs >= SLOW_NS) {
            listener.slow(ServerCounters.name(command), tookNs);
        }
        return goesOn;
    }

    private Outcome next() {
        MessageQueue queue = commands;
        return queue == null ? reader.next() : reader.load(queue.take(lineEvents::awaitSocket));
    }

    private void negotiated() {
        socket.receiveWithin(Duration.ZERO);
        if (options.onReconnect == ReconnectPolicy.RESET) {
            guard.run(Call.RESET, function::reset);
            listener.reset(ResetCause.NEW_CLIENT);
        }
        dispatcher.attach();
        ClientInfo client = dispatcher.client();
        if (client != null) {
            totals.connected();
            listener.connected(client);
            if (options.messageDma && client.kind().answersDmaMessages()) {
                begin(client);
            }
        }
    }

    private void begin(ClientInfo client) {
        Fd twin = dispatcher.takeTwin();
        MessageDma dma = twin == null
                ? MessageDma.overMain(name, socket, reader, writer, client)
                : MessageDma.overTwin(name, twin, client, socket::shutdown);
        messageDma = dma;
        commands = dma.commands();
        if (commands != null) {
            lineEvents.watch(commands.readyFd());
        }
        dispatcher.useMessages(dma.messages());
    }

    /** Ends transfers by message, which the function's threads may be waiting for. */
    private void endMessageDma() {
        MessageDma dma = messageDma;
        if (dma != null) {
            dma.end();
        }
    }

    /** Says which of the two bounds a client has exceeded. */
    private String stalled() {
        return dispatcher.client() == null
                ? "A client was turned out, since it connected and did not introduce itself."
                : "The client was turned out, since it does not read its replies.";
    }

    private synchronized void end() {
        ended = true;
        if (abandoned) {
            close();
        }
    }

    private void release() {
        endMessageDma();
        guard.run(Call.OTHER, lineEvents::clear);
        guard.run(Call.OTHER, function.interrupts()::clear);
        guard.run(Call.OTHER, dispatcher::release);
        if (options.onReconnect == ReconnectPolicy.RESET) {
            guard.run(Call.DISCONNECTED, function::disconnected);
        }
        counters.closedFds = reader.closedFds();
        listener.disconnected(counters.snapshot());
    }
}
