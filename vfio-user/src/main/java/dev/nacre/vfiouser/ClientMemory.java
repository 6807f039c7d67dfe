package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.PollSet;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageReader.Outcome;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DmaAccess;
import dev.nacre.vfiouser.wire.Header;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a client's that the server reaches by asking for it, and the thread that answers: on the second socket if
 * there is one, else on the first one whenever nobody waits there for a reply.
 */
final class ClientMemory implements ClientLink.ServerRequests, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ClientMemory.class.getName());

    private static final int SOCKET = 0;
    private static final int WAKE = 1;

    // TIMEOUT: the thread waits for sockets that have been shut down, or is inside the user's callback.
    private static final Duration END = Duration.ofSeconds(2);

    private final ClientLink link;
    private final long maxDataBytes;
    private final GuestMemory memory = new GuestMemory();
    private final EventFd wake = EventFd.create();
    private final PollSet set = new PollSet(2);
    private @Nullable Thread thread;
    private @Nullable FdSocket twin;
    private volatile boolean closing;

    /**
     * Makes an empty memory.
     *
     * @param link the first socket
     * @param maxDataBytes most data bytes per message that the server was told
     */
    ClientMemory(ClientLink link, long maxDataBytes) {
        this.link = link;
        this.maxDataBytes = maxDataBytes;
        memory.busMaster(true);
        set.set(WAKE, wake.fd());
    }

    /** What the server can ask for. */
    GuestMemory ranges() {
        return memory;
    }

    /** Answers on a second socket from now on. */
    void listenOn(Fd secondSocket, Duration patience) {
        FdSocket socket = new FdSocket(secondSocket, 1);
        socket.sendWithin(patience);
        twin = socket;
        begin(() -> serveTwin(socket));
    }

    /** Answers from now on, also while nobody waits for a reply. */
    void listen() {
        if (thread == null) {
            set.set(SOCKET, link.fd());
            link.onUnread(wake::signal);
            begin(this::serveIdleLink);
        }
    }

    @Override
    public boolean answer(MessageReader request, MessageWriter reply) {
        int result = serve(request, reply);
        if ((request.flags() & Header.NO_REPLY) != 0) {
            return true;
        }
        return result < 0
                ? reply.error(request.id(), request.command(), -result)
                : reply.reply(request.id(), request.command(), result);
    }

    /** Ends the thread. The first socket must have been shut down. */
    @Override
    public void close() {
        closing = true;
        wake.signal();
        if (twin != null) {
            twin.shutdown();
        }
        Thread running = thread;
        if (running != null && running != Thread.currentThread()) {
            try {
                if (!running.join(END)) {
                    LOG.log(Level.ERROR, "The thread " + running.getName() + " does not end.");
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        if (twin != null) {
            twin.close();
        }
        set.close();
        wake.close();
    }

    private void begin(Runnable life) {
        thread = Thread.ofPlatform().name("vfio-user-client-dma").daemon().start(life);
    }

    private void serveTwin(FdSocket socket) {
        try (MessageReader reader = new MessageReader(socket, () -> {});
                MessageWriter writer = new MessageWriter(socket)) {
            while (reader.next() == Outcome.MESSAGE
                    && (reader.flags() & Header.TYPE_MASK) == Header.TYPE_COMMAND
                    && answer(reader, writer)) {
                // One after the other.
            }
        } catch (NativeException e) {
            LOG.log(Level.DEBUG, "The second socket broke.", e);
        } finally {
            // Whoever asks next learns at once that nobody answers.
            socket.shutdown();
        }
    }

    private void serveIdleLink() {
        boolean alive = true;
        while (alive && !closing) {
            set.await(-1);
            wake.drain();
            if (!closing) {
                // Whoever waits for a reply answers what comes meanwhile; then there may be nothing left to do here.
                synchronized (link) {
                    alive = link.serveWaiting();
                }
            }
        }
    }

    /** Does what a message asks; returns the reply's size or a negative errno. */
    private int serve(MessageReader request, MessageWriter reply) {
        Command command = Command.of(request.command());
        boolean write = command == Command.DMA_WRITE;
        if (!(write || command == Command.DMA_READ) || request.bodySize() < DmaAccess.SIZE) {
            return -Errno.EINVAL.number();
        }
        long address = DmaAccess.address(request.segment(), request.body());
        long count = DmaAccess.count(request.segment(), request.body());
        if (count < 0 || count > maxDataBytes) {
            return -Errno.E2BIG.number();
        }
        if (request.bodySize() != DmaAccess.SIZE + (write ? count : 0)) {
            return -Errno.EINVAL.number();
        }
        try {
            if (write) {
                memory.write(address, request.segment(), request.body() + DmaAccess.SIZE, count);
            } else {
                memory.read(address, reply.segment(), reply.body() + DmaAccess.SIZE, count);
            }
        } catch (DmaFault e) {
            return -errnoOf(e, address, count, write);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The memory that was mapped for " + command + " failed.", e);
            return -Errno.EIO.number();
        }
        DmaAccess.put(reply.segment(), reply.body(), address, count);
        // CAST: at most 1 MiB
        return DmaAccess.SIZE + (write ? 0 : (int) count);
    }

    private int errnoOf(DmaFault fault, long address, long count, boolean write) {
        if (fault.errno() != 0) {
            return fault.errno();
        }
        return (memory.isMapped(address, count, !write) ? Errno.EPERM : Errno.EFAULT).number();
    }
}
