package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.ReceivedFds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/** The client's end of a connection: sends any bytes, and insists on well-formed replies. */
final class Peer implements AutoCloseable {
    // TIMEOUT: far more than any answer takes, so that only a missing one fails.
    private static final int PATIENCE_MS = 60_000;

    /** One for all connections: the inputs of a target run one after the other. */
    private static final MemorySegment BUFFER = Arena.global().allocate(2 << 20, 8);

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A reply; errno is 0 unless it is an error reply. */
    static final class Reply {
        private final int id;
        private final int command;
        private final int errno;
        private final byte[] body;

        private Reply(int id, int command, int errno, byte[] body) {
            this.id = id;
            this.command = command;
            this.errno = errno;
            this.body = body;
        }

        int id() {
            return id;
        }

        int command() {
            return command;
        }

        int errno() {
            return errno;
        }

        byte[] body() {
            return body;
        }
    }

    private final FdSocket socket;
    private final ReceivedFds received = new ReceivedFds(16);
    private final PollSet set = new PollSet(1);

    Peer(Fd connected) {
        socket = new FdSocket(connected, 64);
        set.set(0, socket.fd());
    }

    /** Sends bytes, descriptors with the first of them; false if the server has hung up. */
    boolean send(byte[] bytes, List<Fd> fds) {
        MemorySegment.copy(bytes, 0, BUFFER, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return socket.send(BUFFER, 0, bytes.length, fds);
    }

    /** Waits for a reply, which must be well-formed. */
    Reply receive() {
        receive(Wire.HEADER);
        int id = Short.toUnsignedInt(BUFFER.get(SHORT, 0));
        int command = Short.toUnsignedInt(BUFFER.get(SHORT, 2));
        int size = BUFFER.get(INT, 4);
        int flags = BUFFER.get(INT, 8);
        int error = BUFFER.get(INT, 12);
        assertThat(size).isBetween(Wire.HEADER, Wire.MAX_MESSAGE);
        assertThat(flags).isIn(1, 1 | Wire.ERROR);
        boolean failed = (flags & Wire.ERROR) != 0;
        if (failed) {
            assertThat(size).isEqualTo(Wire.HEADER);
            assertThat(error).isPositive();
        }
        receive(size - Wire.HEADER);
        byte[] body = BUFFER.asSlice(0, size - Wire.HEADER).toArray(ValueLayout.JAVA_BYTE);
        return new Reply(id, command, failed ? error : 0, body);
    }

    /** Waits until the server has hung up, having sent nothing more. */
    void awaitEnd() {
        await();
        assertThat(socket.receive(BUFFER, 0, 1, received)).isZero();
    }

    @Override
    public void close() {
        socket.close();
        set.close();
        received.close();
    }

    private void receive(int count) {
        int done = 0;
        while (done < count) {
            await();
            long n = socket.receive(BUFFER, done, count - done, received);
            received.close();
            assertThat(n).as("bytes from a server that hung up").isPositive();
            done += (int) n;
        }
    }

    private void await() {
        assertThat(set.await(PATIENCE_MS)).as("answers in time").isEqualTo(1);
    }
}
