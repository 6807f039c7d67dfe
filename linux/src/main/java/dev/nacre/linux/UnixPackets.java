package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** UNIX sockets that keep the bounds of what is sent, and tell when the other side has gone. */
public final class UnixPackets {
    private static final int NAME_BYTES = 2;

    private UnixPackets() {}

    /**
     * Makes two connected sockets, the first of which has a name without a file: whoever has the second can ask for it.
     *
     * @param name 1 to {@link UnixSocket#MAX_PATH_BYTES} bytes
     * @throws NativeException if it fails, {@link Errno#EADDRINUSE} if another socket has the name
     */
    public static UnixSocket.Pair pair(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > UnixSocket.MAX_PATH_BYTES) {
            throw new IllegalArgumentException("Name must have 1 to " + UnixSocket.MAX_PATH_BYTES + " bytes: " + name);
        }
        try (Frame frame = new Frame()) {
            MemorySegment fds = frame.allocate(2L * Integer.BYTES, Integer.BYTES);
            int type = Abi.SOCK_SEQPACKET | Abi.SOCK_CLOEXEC;
            frame.check(Libc.socketpair(frame.state(), Abi.AF_UNIX, type, 0, fds), "socketpair", "");
            Fd first = new Fd(fds.getAtIndex(JAVA_INT, 0));
            Fd second = new Fd(fds.getAtIndex(JAVA_INT, 1));
            MemorySegment address = frame.allocate(Abi.SOCKADDR_UN.byteSize(), NAME_BYTES);
            address.set(JAVA_SHORT, Abi.SUN_FAMILY, (short) Abi.AF_UNIX);
            // HW: unix(7): a name without a file begins with a zero, and is as long as the address says.
            MemorySegment.copy(bytes, 0, address, JAVA_BYTE, Abi.SUN_PATH + 1, bytes.length);
            // CAST: at most that of a sockaddr_un
            int length = (int) Abi.SUN_PATH + 1 + bytes.length;
            if (Libc.bind(frame.state(), first.number(), address, length) < 0) {
                NativeException failure = frame.failure("bind", "name=" + name);
                first.close();
                second.close();
                throw failure;
            }
            return new UnixSocket.Pair(first, second);
        }
    }

    /**
     * The name of the other end of a socket.
     *
     * @return empty if it has none, or one that is a file's
     */
    public static String peerName(Fd socket) {
        try (Frame frame = new Frame()) {
            MemorySegment address = frame.allocate(Abi.SOCKADDR_UN.byteSize(), NAME_BYTES);
            MemorySegment length = frame.allocate(Integer.BYTES, Integer.BYTES);
            // CAST: 110 bytes
            length.set(JAVA_INT, 0, (int) address.byteSize());
            frame.check(
                    Libc.getpeername(frame.state(), socket.number(), address, length),
                    "getpeername",
                    "fd=" + socket.number());
            int bytes = length.get(JAVA_INT, 0) - (int) Abi.SUN_PATH - 1;
            if (bytes <= 0 || address.get(JAVA_BYTE, Abi.SUN_PATH) != 0) {
                return "";
            }
            return new String(address.asSlice(Abi.SUN_PATH + 1, bytes).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    /**
     * Sends a packet, without waiting.
     *
     * @param packet 1 byte or more
     * @return false if there is no room, or the other side has gone
     */
    public static boolean send(Fd socket, byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, packet);
            return Libc.sendQuietly(
                            socket.number(), bytes.address(), packet.length, Abi.MSG_NOSIGNAL | Abi.MSG_DONTWAIT)
                    == packet.length;
        }
    }
}
