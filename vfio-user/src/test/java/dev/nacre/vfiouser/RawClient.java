package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.ReceivedFds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A client that sends any bytes at all, and fails rather than wait for ever for an answer. */
final class RawClient implements AutoCloseable {
    static final int VERSION = 1;
    static final int DMA_MAP = 2;
    static final int DMA_UNMAP = 3;
    static final int GET_INFO = 4;
    static final int GET_REGION_INFO = 5;
    static final int GET_REGION_IO_FDS = 6;
    static final int GET_IRQ_INFO = 7;
    static final int SET_IRQS = 8;
    static final int REGION_READ = 9;
    static final int REGION_WRITE = 10;
    static final int DMA_READ = 11;
    static final int DMA_WRITE = 12;
    static final int RESET = 13;
    static final int DIRTY_PAGES = 14;
    static final int WRITE_MULTI = 15;
    static final int DEVICE_FEATURE = 16;
    static final int MIG_DATA_READ = 17;
    static final int MIG_DATA_WRITE = 18;

    static final int NO_REPLY = 0x10;

    static final int ENOENT = 2;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int ENOSPC = 28;

    // TIMEOUT: far more than any answer takes, so that only a missing one fails.
    private static final int PATIENCE_MS = 60_000;

    /** A reply; errno is 0 unless it has the error flag. */
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

        ByteBuffer little() {
            return Bytes.little(body);
        }
    }

    /**
     * A command from a server, or from a client under test.
     *
     * @param id to be repeated in the reply
     * @param command its number
     * @param body without the header
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Request(int id, int command, byte[] body) {}

    private final FdSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(3 << 20);
    private final ReceivedFds fds = new ReceivedFds(16);
    private final PollSet set = new PollSet(1);
    private final List<Fd> passed = new ArrayList<>();
    private boolean takesFds;
    private int nextId = 100;

    RawClient(Fd connected) {
        socket = new FdSocket(connected, 32);
        set.set(0, socket.fd());
    }

    /** Sends a command and waits for its reply. */
    Reply call(int command, byte[] body, Fd... passed) {
        int id = nextId();
        send(Bytes.message(id, command, 0, body), passed);
        Reply reply = receive();
        assertThat(reply.id()).isEqualTo(id);
        assertThat(reply.command()).isEqualTo(command);
        return reply;
    }

    /** Sends a command and waits for its reply, whose descriptors are added to the list; they are the caller's. */
    Reply callTaking(List<Fd> into, int command, byte[] body) {
        takesFds = true;
        Reply reply = call(command, body);
        takesFds = false;
        into.addAll(passed);
        passed.clear();
        return reply;
    }

    /** Waits for a command of the other side's. */
    Request receiveRequest() {
        ByteBuffer header = Bytes.little(receiveExactly(16));
        int id = Short.toUnsignedInt(header.getShort());
        int command = Short.toUnsignedInt(header.getShort());
        int size = header.getInt();
        assertThat(header.getInt() & 0xf).as("type of command " + command).isZero();
        return new Request(id, command, receiveExactly(size - 16));
    }

    /** Waits for a command, whose descriptors are added to the list; they are the caller's. */
    Request receiveRequestTaking(List<Fd> into) {
        takesFds = true;
        Request request = receiveRequest();
        takesFds = false;
        into.addAll(passed);
        passed.clear();
        return request;
    }

    /** Answers a command. */
    void answer(Request request, byte[] body, Fd... fds) {
        send(Bytes.message(request.id, request.command, 1, body), fds);
    }

    /** Answers a command with an error. */
    void refuse(Request request, int errno) {
        send(Bytes.of()
                .u16(request.id)
                .u16(request.command)
                .u32(16, 0x21, errno)
                .get());
    }

    /** Sends a command that wants no reply. */
    void post(int command, byte[] body, Fd... passed) {
        send(Bytes.message(nextId(), command, NO_REPLY, body), passed);
    }

    /** Sends bytes, with descriptors at the first of them. */
    void send(byte[] bytes, Fd... passed) {
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        assertThat(socket.send(buffer, 0, bytes.length, List.of(passed))).isTrue();
    }

    /** Sends bytes to a server that may have hung up. */
    void sendToWhomever(byte[] bytes) {
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        socket.send(buffer, 0, bytes.length);
    }

    /** Waits for a reply. */
    Reply receive() {
        ByteBuffer header = Bytes.little(receiveExactly(16));
        int id = Short.toUnsignedInt(header.getShort());
        int command = Short.toUnsignedInt(header.getShort());
        int size = header.getInt();
        int flags = header.getInt();
        int error = header.getInt();
        assertThat(flags & 0xf).isEqualTo(1);
        boolean failed = (flags & 0x20) != 0;
        if (failed) {
            assertThat(size).as("an error reply is a bare header").isEqualTo(16);
            assertThat(error).isNotZero();
        }
        return new Reply(id, command, failed ? error : 0, receiveExactly(size - 16));
    }

    /** Waits until the server has hung up, having sent nothing more. */
    void awaitEnd() {
        await();
        assertThat(socket.receive(buffer, 0, 1, fds)).isZero();
    }

    /** That every earlier message has been served, nothing is left to receive, and the connection works. */
    void assertUsable() {
        Reply reply = call(GET_INFO, Bytes.of().u32(16, 0, 0, 0).get());
        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).hasSize(16);
    }

    /** Leaves without closing properly what belongs to this object; {@link #close} must still be called. */
    void hangUp() {
        socket.shutdown();
    }

    @Override
    public void close() {
        socket.close();
        set.close();
        fds.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    byte[] receiveExactly(int count) {
        int done = 0;
        while (done < count) {
            await();
            long n = socket.receive(buffer, done, count - done, fds);
            assertThat(n).as("the server hung up").isPositive();
            while (takesFds && fds.count() > 0) {
                passed.add(fds.take());
            }
            assertThat(fds.count()).as("descriptors from the server").isZero();
            fds.close();
            done += (int) n;
        }
        return buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE);
    }

    private int nextId() {
        nextId = (nextId + 1) & 0xffff;
        return nextId;
    }

    private void await() {
        assertThat(set.await(PATIENCE_MS))
                .as("an answer within " + PATIENCE_MS + " ms")
                .isEqualTo(1);
    }
}
