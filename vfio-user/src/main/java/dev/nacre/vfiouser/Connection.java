package dev.nacre.vfiouser;

import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.PollSet;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ModelGuard.Call;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;

/**
 * One client and everything that it has here. {@link #serve} is the whole life of its thread; the others belong to the
 * thread that accepted it.
 */
final class Connection implements AutoCloseable {
    private final FdSocket socket;
    private final PciFunction function;
    private final SafeListener listener;
    private final boolean resetFirst;
    private final Counters counters = new Counters();
    private final ModelGuard guard;
    private final LineEvents lineEvents;
    private final MessageReader reader;
    private final MessageWriter writer;
    private final Dispatcher dispatcher;
    private final PollSet probe = new PollSet(1);
    private volatile boolean ended;

    /**
     * How a server treats its clients.
     *
     * @param writeMultiple whether to offer REGION_WRITE_MULTI
     * @param resetFirst whether a new client finds the function reset
     */
    record Options(boolean writeMultiple, boolean resetFirst) {}

    Connection(FdSocket socket, Device device, Options options, SafeListener listener) {
        this.socket = socket;
        this.function = device.function();
        this.listener = listener;
        this.resetFirst = options.resetFirst;
        this.guard = new ModelGuard(device.name(), counters);
        this.lineEvents = new LineEvents(function.interrupts(), socket.fd());
        this.reader = new MessageReader(socket, lineEvents::awaitSocket);
        this.writer = new MessageWriter(socket);
        this.dispatcher = new Dispatcher(
                new Dispatcher.Parts(device, reader, writer, lineEvents, counters, guard),
                options.writeMultiple,
                listener::warning,
                this::negotiated);
    }

    /** Serves the client until it leaves, then takes back what it had. */
    void serve() {
        try {
            while (serveNext()) {
                // Each message is answered before the next is looked at.
            }
        } catch (NativeException e) {
            listener.warning("The connection broke: " + e.getMessage() + ".");
        } finally {
            release();
            ended = true;
        }
    }

    /** Whether {@link #serve} has done everything; its thread is about to end. */
    boolean hasEnded() {
        return ended;
    }

    /** Ends the connection; its thread notices. Any thread. */
    void shutdown() {
        socket.shutdown();
    }

    /** Whether the client has gone, though its thread may still be busy with what it had sent. */
    boolean isPeerGone() {
        probe.setHangUpOnly(0, socket.fd());
        return probe.await(0) > 0;
    }

    /** Closes the socket and frees the buffers. The thread must have ended. */
    @Override
    public void close() {
        probe.close();
        reader.close();
        writer.close();
        lineEvents.close();
        socket.close();
    }

    private boolean serveNext() {
        return switch (reader.next()) {
            case MESSAGE -> dispatcher.serve();
            case BAD_SIZE -> dispatcher.serveBadSize();
            case END -> false;
        };
    }

    private void negotiated() {
        if (resetFirst) {
            guard.run(Call.RESET, function::reset);
        }
        ClientInfo client = dispatcher.client();
        if (client != null) {
            listener.connected(client);
        }
    }

    private void release() {
        guard.run(Call.OTHER, lineEvents::clear);
        guard.run(Call.OTHER, function.interrupts()::clear);
        guard.run(Call.OTHER, dispatcher::release);
        guard.run(Call.DISCONNECTED, function::disconnected);
        counters.closedFds = reader.closedFds();
        listener.disconnected(counters.snapshot());
    }
}
