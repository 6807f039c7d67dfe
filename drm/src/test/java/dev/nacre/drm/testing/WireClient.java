package dev.nacre.drm.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.linux.UnixPackets;
import dev.nacre.linux.UnixSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A client of the server: speaks the protocol as the shim does, and worse if a test wants it. One thread at a time. */
public final class WireClient extends TestProcess {
    /** A message that came. */
    public record Answer(int type, MemorySegment bytes, List<Fd> fds) {
        /** 32 bits of it. */
        public int u32(long offset) {
            return bytes.get(JAVA_INT, offset);
        }

        /** 64 bits of it. */
        public long u64(long offset) {
            return bytes.get(JAVA_LONG, offset);
        }
    }

    private static final int ROOM = 2 << 20;

    private final FdSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment out = arena.allocate(ROOM, 8);
    private final MemorySegment in = arena.allocate(ROOM, 8);

    /** How many FETCHes were asked for. */
    public int fetches;

    private WireClient(Path path) {
        socket = new FdSocket(UnixSocket.connect(path), 16);
    }

    /** Connects, and says nothing. */
    public static WireClient silent(Path path) {
        return new WireClient(path);
    }

    /** Connects. */
    public static WireClient connect(Path path) {
        WireClient client = new WireClient(path);
        Answer answer = client.ask(1, Arg.of(8).u32(0, 1), List.of());
        if (answer.type != 2) {
            throw new AssertionError("No HELLO_OK but " + answer.type);
        }
        return client;
    }

    /** Sends bytes as they are. */
    public boolean raw(byte[] bytes, List<Fd> with) {
        out.asSlice(0, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        return with.isEmpty() ? socket.send(out, 0, bytes.length) : socket.send(out, 0, bytes.length, with);
    }

    /** Sends a message. */
    public boolean send(int type, Arg body, List<Fd> with) {
        byte[] bytes = body.bytes();
        out.set(JAVA_INT, 0, 8 + bytes.length);
        out.set(JAVA_SHORT, 4, (short) type);
        out.set(JAVA_SHORT, 6, (short) with.size());
        out.asSlice(8, bytes.length).copyFrom(MemorySegment.ofArray(bytes));
        return with.isEmpty() ? socket.send(out, 0, 8 + bytes.length) : socket.send(out, 0, 8 + bytes.length, with);
    }

    /** Receives a message; type 0 if the server has hung up. */
    public Answer receive() {
        List<Fd> came = new ArrayList<>();
        long have = 0;
        while (have < 8 || have < in.get(JAVA_INT, 0)) {
            try (ReceivedFds some = new ReceivedFds(16)) {
                long n = socket.receive(in, have, ROOM - have, some);
                if (n == 0) {
                    return new Answer(0, MemorySegment.NULL, List.of());
                }
                have += n;
                while (some.count() > 0) {
                    came.add(some.take());
                }
            }
        }
        return new Answer(
                in.get(JAVA_SHORT, 4), MemorySegment.ofArray(in.asSlice(0, have).toArray(JAVA_LONG)), came);
    }

    /** Asks, and gets the answer. */
    public Answer ask(int type, Arg body, List<Fd> with) {
        if (!send(type, body, with)) {
            return new Answer(0, MemorySegment.NULL, List.of());
        }
        return receive();
    }

    /** Opens a node; what came is in the answer. */
    public Answer tryOpen(int minor) {
        return ask(3, Arg.of(8).u32(0, minor), List.of());
    }

    /** Opens a node. */
    public Fd open(int minor) {
        Answer answer = tryOpen(minor);
        if (answer.type != 4) {
            throw new AssertionError("Not opened: " + answer.type);
        }
        return answer.fds.getFirst();
    }

    /** The token of a file. */
    public static byte[] token(Fd file) {
        return HexFormat.of().parseHex(UnixPackets.peerName(file).split("/")[1]);
    }

    /** An ioctl's message without what follows the argument. */
    public static Arg ioctlMessage(byte[] token, int command, byte[] arg, int segments) {
        Arg body = Arg.of(32 + (arg.length + 7 & ~7));
        System.arraycopy(token, 0, body.bytes(), 0, 16);
        body.u32(16, command).u32(24, arg.length).u32(28, segments);
        System.arraycopy(arg, 0, body.bytes(), 32, arg.length);
        return body;
    }

    /** Calls an ioctl on a descriptor that is no file of a device; 0 or the errno. */
    public int fdIoctl(Fd fd, int command, Arg arg) {
        return finish(ask(14, ioctlMessage(new byte[16], command, arg.bytes(), 0), List.of(fd)), arg);
    }

    /** Calls an ioctl; 0 or the errno. */
    public int ioctl(Fd file, int command, Arg arg) {
        return finish(ask(5, ioctlMessage(token(file), command, arg.bytes(), 0), List.of()), arg);
    }

    /** Serves what the server asks for until the call ends; 0 or the errno; -1 if the server hung up. */
    public int finish(Answer first, Arg arg) {
        Answer answer = first;
        while (answer.type == 6 || answer.type == 8) {
            answer = answer.type == 6 ? data(answer) : descriptor(answer);
        }
        if (answer.type != 10) {
            return -1;
        }
        take(answer, arg);
        return answer.u32(8);
    }

    private Answer data(Answer fetch) {
        fetches++;
        int bytes = fetch.u32(16);
        try {
            MemorySegment found = find(fetch.u64(8), bytes);
            Arg body = Arg.of(8 + bytes).u32(4, bytes);
            MemorySegment.ofArray(body.bytes()).asSlice(8).copyFrom(found);
            return ask(7, body, List.of());
        } catch (DrmException e) {
            return ask(7, Arg.of(8).u32(0, e.errno().number()), List.of());
        }
    }

    private Answer descriptor(Answer fetch) {
        return openFd(fetch.u32(8))
                .map(fd -> ask(9, Arg.of(8), List.of(fd)))
                .orElseGet(() -> ask(9, Arg.of(8).u32(0, Errno.EBADF.number()), List.of()));
    }

    private void take(Answer result, Arg arg) {
        int argBytes = result.u32(16);
        MemorySegment.ofArray(arg.bytes()).asSlice(0, argBytes).copyFrom(result.bytes.asSlice(32, argBytes));
        long at = 32L + (argBytes + 7 & ~7);
        for (int i = 0; i < result.u32(20); i++) {
            int bytes = result.u32(at + 8);
            find(result.u64(at), bytes).copyFrom(result.bytes.asSlice(at + 16, bytes));
            at += 16 + (bytes + 7 & ~7);
        }
        for (int i = 0; i < result.u32(24); i++) {
            int number = add(result.fds.get(i));
            if (result.u32(at + 8) == 0) {
                arg.u32((int) result.u64(at), number);
            }
            at += 16;
        }
    }

    /** Maps: the answer, with a descriptor if it went well. */
    public Answer map(Fd file, long offset, long bytes, int protection, int flags) {
        Arg body = Arg.of(40).u64(16, offset).u64(24, bytes).u32(32, protection).u32(36, flags);
        System.arraycopy(token(file), 0, body.bytes(), 0, 16);
        return ask(11, body, List.of());
    }

    /** Hangs up; descriptors stay. */
    public void hangUp() {
        socket.shutdown();
    }

    @Override
    public void close() {
        super.close();
        socket.close();
        arena.close();
    }
}
