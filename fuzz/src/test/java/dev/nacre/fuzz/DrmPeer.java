package dev.nacre.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.linux.UnixSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection to the DRM server, of a client that knows the protocol and need not keep it. */
final class DrmPeer implements AutoCloseable {
    // Numbers of the protocol, stated independently of the code under test.
    static final int HELLO = 1;
    static final int OPEN = 3;
    static final int IOCTL = 5;
    static final int FETCH = 6;
    static final int DATA = 7;
    static final int FETCH_FD = 8;
    static final int DATA_FD = 9;
    static final int RESULT = 10;
    static final int MMAP = 11;
    static final int FD_IOCTL = 14;

    private static final int ROOM = 2 << 20;
    private static final int MOST_FDS = 16;

    private final FdSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(ROOM, 8);

    /** Descriptors that came with the last message; the caller's to close. */
    final List<Fd> fds = new ArrayList<>();

    /** Whether nothing more will come. */
    boolean over;

    /**
     * Connects.
     *
     * @param patience how long to wait for an answer before giving the connection up
     */
    DrmPeer(Path path, Duration patience) {
        socket = new FdSocket(UnixSocket.connect(path), MOST_FDS);
        socket.receiveWithin(patience);
        send(HELLO, Bytes.of().u32(1, 0).get(), List.of());
        int _ = receive();
    }

    /** Sends bytes as they are. */
    void raw(byte[] bytes) {
        if (bytes.length > 0 && !over) {
            buffer.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
            over = !socket.send(buffer, 0, bytes.length);
        }
    }

    /** Sends a message. */
    void send(int type, byte[] body, List<Fd> with) {
        if (over) {
            return;
        }
        buffer.set(JAVA_INT, 0, 8 + body.length);
        buffer.set(JAVA_SHORT, 4, (short) type);
        buffer.set(JAVA_SHORT, 6, (short) with.size());
        buffer.asSlice(8, body.length).copyFrom(MemorySegment.ofArray(body));
        over = with.isEmpty()
                ? !socket.send(buffer, 0, 8 + body.length)
                : !socket.send(buffer, 0, 8 + body.length, with);
    }

    /** The type of the message that comes; 0 if none does, which is the end. */
    int receive() {
        long have = 0;
        while (!over && (have < 8 || have < buffer.get(JAVA_INT, 0))) {
            try (ReceivedFds some = new ReceivedFds(MOST_FDS)) {
                long n = socket.receive(buffer, have, ROOM - have, some);
                have += n;
                over = n == 0;
                while (some.count() > 0) {
                    fds.add(some.take());
                }
            } catch (NativeException e) {
                if (!e.is(Errno.EAGAIN)) {
                    throw e;
                }
                over = true;
            }
        }
        return over ? 0 : buffer.get(JAVA_SHORT, 4);
    }

    /** 32 bits of the message that came. */
    int u32(long offset) {
        return buffer.get(JAVA_INT, offset);
    }

    /** 64 bits of the message that came. */
    long u64(long offset) {
        return buffer.get(JAVA_LONG, offset);
    }

    @Override
    public void close() {
        socket.close();
        arena.close();
    }
}
