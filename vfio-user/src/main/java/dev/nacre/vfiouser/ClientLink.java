package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.PollSet;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Limits;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of the socket: sends a command, waits for its reply, and meanwhile answers what the server asks. Whoever
 * uses it holds its monitor, from the moment he begins to put a command together until he has read the reply; only {@link
 * #shutdown} needs none.
 */
final class ClientLink {
    private final FdSocket socket;
    private final MessageReader reader;
    private final MessageWriter writer;
    private final PollSet probe = new PollSet(1);
    private final long patienceNs;
    private long deadlineNs;
    private int nextId;
    private @Nullable ServerRequests requests;
    private @Nullable Runnable onUnread;
    private boolean closed;

    /** Answers what a server asks. */
    interface ServerRequests {
        /** Answers the command that the reader holds; false if the server has gone. */
        boolean answer(MessageReader request, MessageWriter reply);
    }

    /**
     * Takes over a socket.
     *
     * @param connected owned from now on
     * @param patience longest wait
     */
    ClientLink(Fd connected, Duration patience) {
        socket = new FdSocket(connected, Limits.MAX_FDS);
        reader = new MessageReader(socket, this::checkDeadline);
        writer = new MessageWriter(socket);
        patienceNs = patience.toNanos();
        socket.receiveWithin(patience);
        socket.sendWithin(patience);
        probe.set(0, socket.fd());
    }

    /** Answers what the server asks from now on, while somebody waits for a reply; until then it must not ask. */
    void serve(ServerRequests answers) {
        requests = answers;
    }

    /** Calls this when a command of the server may have been received already that nobody has looked at. */
    void onUnread(Runnable action) {
        onUnread = action;
    }

    /** The descriptor, to wait for. */
    Fd fd() {
        return socket.fd();
    }

    /** Where to put a command's body, at {@link Header#SIZE}. */
    MemorySegment out() {
        if (closed) {
            throw new VfioUserException("Command", Errno.ECONNRESET.number(), "the client is closed");
        }
        return writer.segment();
    }

    /** The reply, after {@link #call}. */
    MessageReader reply() {
        return reader;
    }

    /**
     * Sends what was put together, and waits for the reply.
     *
     * @param bodySize of the command
     * @param replySize of the reply's body; below 0 for any
     * @param fds to pass; they stay the caller's
     * @throws VfioUserException if there is no sound and good reply
     */
    void call(Command command, int bodySize, int replySize, List<Fd> fds) {
        int id = send(command, bodySize, 0, fds);
        while (!receive(command)) {
            // A command of the server's, answered.
        }
        if (reader.id() != id || reader.command() != command.number()) {
            throw broken(command, "unexpected reply to " + reader.command() + " id " + reader.id());
        }
        if (onUnread != null && reader.hasUnread()) {
            onUnread.run();
        }
        if ((reader.flags() & Header.ERROR) != 0) {
            throw new VfioUserException(command.name(), reader.error(), "the server refused");
        }
        if (replySize >= 0 && reader.bodySize() != replySize) {
            throw broken(command, "reply of " + reader.bodySize() + " bytes instead of " + replySize);
        }
    }

    /** Sends what was put together, and wants no reply. */
    void post(Command command, int bodySize) {
        send(command, bodySize, Header.NO_REPLY, List.of());
    }

    /**
     * Answers what the server has asked while nobody was waiting for a reply.
     *
     * @return false if the connection has ended
     */
    boolean serveWaiting() {
        try {
            while (!closed && (reader.hasUnread() || probe.await(0) > 0)) {
                deadlineNs = System.nanoTime() + patienceNs;
                if (receive(Command.DMA_READ)) {
                    throw broken(Command.DMA_READ, "reply to nothing");
                }
            }
            return !closed;
        } catch (VfioUserException e) {
            socket.shutdown();
            return false;
        }
    }

    /** The stream cannot be trusted any more: ends the connection. */
    VfioUserException broken(Command command, String reason) {
        socket.shutdown();
        return new VfioUserException(command.name(), Errno.EPROTO.number(), reason);
    }

    /** Ends the connection; whoever waits for the server is told. Any thread. */
    void shutdown() {
        socket.shutdown();
    }

    /** Frees everything. */
    void close() {
        closed = true;
        probe.close();
        reader.close();
        writer.close();
        socket.close();
    }

    private int send(Command command, int bodySize, int flags, List<Fd> fds) {
        nextId = (nextId + 1) & 0xffff;
        deadlineNs = System.nanoTime() + patienceNs;
        boolean sent;
        try {
            sent = writer.command(nextId, command.number(), bodySize, flags, fds);
        } catch (NativeException e) {
            throw failed(command, e);
        }
        if (!sent) {
            throw gone(command);
        }
        return nextId;
    }

    /** Receives a message; true if it is a reply, false if it was a command that has been answered. */
    private boolean receive(Command waiting) {
        MessageReader.Outcome outcome;
        try {
            outcome = reader.next();
        } catch (NativeException e) {
            throw failed(waiting, e);
        }
        switch (outcome) {
            case END -> throw gone(waiting);
            case BAD_SIZE -> throw broken(waiting, "impossible message size");
            case MESSAGE -> {}
        }
        int type = reader.flags() & Header.TYPE_MASK;
        if (type == Header.TYPE_REPLY) {
            return true;
        }
        if (type != Header.TYPE_COMMAND || requests == null) {
            throw broken(waiting, "unexpected message " + reader.command() + " id " + reader.id());
        }
        try {
            if (!requests.answer(reader, writer)) {
                throw gone(waiting);
            }
            checkDeadline();
        } catch (NativeException e) {
            throw failed(waiting, e);
        }
        return false;
    }

    /** A server that sends, but never what is waited for, must not hold us up either. */
    private void checkDeadline() {
        if (System.nanoTime() - deadlineNs > 0) {
            throw new NativeException("recvmsg", Errno.EAGAIN.number(), "");
        }
    }

    private VfioUserException failed(Command command, NativeException cause) {
        socket.shutdown();
        if (cause.is(Errno.EAGAIN)) {
            String reason = "the server did not answer within " + patienceNs / 1_000_000 + " ms";
            return new VfioUserException(command.name(), Errno.ETIMEDOUT.number(), reason);
        }
        return new VfioUserException(command.name(), cause.errno(), "the socket failed with " + cause.call());
    }

    private static VfioUserException gone(Command command) {
        return new VfioUserException(command.name(), Errno.ECONNRESET.number(), "the server has gone");
    }
}
