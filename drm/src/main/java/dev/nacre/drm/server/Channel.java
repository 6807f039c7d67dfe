package dev.nacre.drm.server;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.ReceivedFds;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Messages of one connection, in and out. One thread at a time; {@link #shutdown} from any. */
final class Channel implements AutoCloseable {
    // TIMEOUT: how often a thread that waits for its client looks whether it still should; what comes ends the wait at
    // once.
    private static final Duration LOOK = Duration.ofSeconds(2);

    // TIMEOUT: a client that asks and then does not read its answer for as long is of no use.
    private static final Duration SEND = Duration.ofSeconds(10);

    private final FdSocket socket;
    private final ReceivedFds fds = new ReceivedFds(Wire.MOST_FDS);
    private final Message in = new Message();
    private final Message out = new Message();

    Channel(Fd connected) {
        socket = new FdSocket(connected, Wire.MOST_FDS);
        socket.receiveWithin(LOOK);
        socket.sendWithin(SEND);
    }

    Fd fd() {
        return socket.fd();
    }

    /** The last message that came. */
    Message in() {
        return in;
    }

    /** The next message that goes. */
    Message out() {
        return out;
    }

    /** The descriptors that came with the last message; those that are left are closed by the next. */
    ReceivedFds fds() {
        return fds;
    }

    /**
     * Receives a message. GUEST: its length is checked, nothing else.
     *
     * @param wanted asked now and then whether to go on waiting
     * @return false if the client has gone, or is not waited for any more
     * @throws ProtocolException if it is no message
     */
    boolean receive(BooleanSupplier wanted) {
        fds.close();
        in.shrink();
        int have = 0;
        int need = Wire.HEADER_BYTES;
        while (have < need) {
            long n = receiveSome(have);
            if (n == 0 || (n < 0 && !wanted.getAsBoolean())) {
                return false;
            }
            if (n > 0) {
                // CAST: at most the buffer's size
                have += (int) n;
                if (have >= Wire.HEADER_BYTES) {
                    need = in.length();
                    if (need < Wire.HEADER_BYTES || need > Wire.MOST_MESSAGE_BYTES || have > need) {
                        throw new ProtocolException("Message is impossible: length=" + need + " received=" + have);
                    }
                    in.require(need);
                }
            }
        }
        return true;
    }

    /** What is there; 0 if the client has gone, below 0 if nothing came for a while. */
    private long receiveSome(int have) {
        try {
            if (fds.count() == 0) {
                return socket.receive(in.segment(), have, in.segment().byteSize() - have, fds);
            }
            try (ReceivedFds more = new ReceivedFds(Wire.MOST_FDS)) {
                // Descriptors belong to a message's first byte: others are closed.
                return socket.receive(in.segment(), have, in.segment().byteSize() - have, more);
            }
        } catch (NativeException e) {
            if (e.is(Errno.EAGAIN)) {
                return -1;
            }
            throw e;
        }
    }

    /**
     * Sends the message in {@link #out}.
     *
     * @param given descriptors, still the caller's
     * @return false if the client has gone, or does not read
     */
    boolean send(int bytes, int type, List<Fd> given) {
        out.header(bytes, type, given.size());
        try {
            return given.isEmpty() ? socket.send(out.segment(), 0, bytes) : socket.send(out.segment(), 0, bytes, given);
        } catch (NativeException e) {
            if (e.is(Errno.EAGAIN)) {
                return false;
            }
            throw e;
        } finally {
            out.shrink();
        }
    }

    /** Ends both directions: whoever waits here sees the end. */
    void shutdown() {
        socket.shutdown();
    }

    @Override
    public void close() {
        fds.close();
        socket.close();
        in.close();
        out.close();
    }
}
