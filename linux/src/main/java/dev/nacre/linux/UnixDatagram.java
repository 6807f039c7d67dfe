package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** UNIX datagram sockets, as service managers read them. */
public final class UnixDatagram {
    private static final int NAME_BYTES = 2;

    private UnixDatagram() {}

    /**
     * Sends a datagram to a socket. Waits if its reader is behind.
     *
     * @param address a path, or {@code @} and a name without a file; at most {@link UnixSocket#MAX_PATH_BYTES} long
     * @param message what to send, 1 byte or more
     * @throws IllegalArgumentException if the address is too long or empty
     * @throws NativeException if it cannot be sent
     */
    public static void send(String address, byte[] message) {
        byte[] name = address.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0 || name.length > UnixSocket.MAX_PATH_BYTES) {
            throw new IllegalArgumentException("Socket address must have 1 to " + UnixSocket.MAX_PATH_BYTES
                    + " bytes, not " + name.length + ": " + address);
        }
        try (Frame frame = new Frame();
                Fd socket = new Fd(frame.check(
                        Libc.socket(frame.state(), Abi.AF_UNIX, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, 0), "socket", ""))) {
            MemorySegment to = frame.allocate(Abi.SOCKADDR_UN.byteSize(), NAME_BYTES);
            to.set(JAVA_SHORT, Abi.SUN_FAMILY, (short) Abi.AF_UNIX);
            MemorySegment.copy(name, 0, to, JAVA_BYTE, Abi.SUN_PATH, name.length);
            boolean hasNoFile = name[0] == '@';
            if (hasNoFile) {
                to.set(JAVA_BYTE, Abi.SUN_PATH, (byte) 0);
            }
            // HW: unix(7): a name without a file is as long as the address says; a path ends with a zero.
            long length = Abi.SUN_PATH + name.length + (hasNoFile ? 0 : 1);
            // CAST: at most that of a sockaddr_un
            frame.check(Libc.connect(frame.state(), socket.number(), to, (int) length), "connect", "to=" + address);
            MemorySegment bytes = frame.allocate(message.length, 1);
            MemorySegment.copy(message, 0, bytes, JAVA_BYTE, 0, message.length);
            if (Libc.write(frame.state(), socket.number(), bytes, message.length) < 0) {
                throw frame.failure("write", "to=" + address);
            }
        }
    }
}
