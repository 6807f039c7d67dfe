package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** UNIX stream sockets: listening, accepting, connecting. Data goes through an {@link FdSocket}. */
public final class UnixSocket {
    /** Longest path of a socket, in bytes of UTF-8. */
    public static final int MAX_PATH_BYTES = Abi.SUN_PATH_MAX;

    /**
     * Reads the permission bits of a socket's file.
     *
     * @param octal such as {@code 660}
     * @return 0 to 0777
     * @throws IllegalArgumentException if they are not, naming what is allowed
     */
    public static int parseMode(String octal) {
        try {
            int bits = Integer.parseInt(octal, 8);
            if (bits >= 0 && bits <= 0777) {
                return bits;
            }
        } catch (NumberFormatException e) {
            // Said below, with what is allowed.
        }
        throw new IllegalArgumentException(octal + " is not possible: 000 to 777, octal");
    }

    /**
     * Two connected sockets.
     *
     * @param first one end
     * @param second the other end
     */
    public record Pair(Fd first, Fd second) {}

    private UnixSocket() {}

    /**
     * Listens at a path. The socket's file has the asked permissions from the moment it exists. A file that is already
     * there makes it fail, except a socket on which nobody listens any more: that one is removed first.
     *
     * @param path where; at most {@link #MAX_PATH_BYTES} long
     * @param mode permission bits of the socket's file, such as {@code 0600}
     * @param backlog connections that may wait to be accepted
     * @return the listening socket, non-blocking
     * @throws IllegalArgumentException if the path is too long
     * @throws NativeException if it fails, {@link Errno#EADDRINUSE} if something else is at the path
     */
    public static Fd listen(Path path, int mode, int backlog) {
        return listen(path, mode, new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED), backlog);
    }

    /**
     * Listens as the other does, and gives the socket's file away before anybody can connect.
     *
     * @param path where; at most {@link #MAX_PATH_BYTES} long
     * @param mode permission bits of the socket's file, such as {@code 0660}
     * @param owner to whom the file is to belong
     * @param backlog connections that may wait to be accepted
     * @return the listening socket, non-blocking
     * @throws IllegalArgumentException if the path is too long
     * @throws NativeException if it fails, {@link Errno#EADDRINUSE} if something else is at the path, {@link
     *     Errno#EPERM} if the file cannot be given away
     */
    public static Fd listen(Path path, int mode, SocketOwner owner, int backlog) {
        boolean _ = removeStale(path);
        Fd fd = open();
        try (Frame frame = new Frame()) {
            MemorySegment address = address(frame, path);
            // bind() gives the file the socket's own mode, cut by the umask; what the umask took is added after it.
            frame.check(Libc.fchmod(frame.state(), fd.number(), mode), "fchmod", "mode=" + Integer.toOctalString(mode));
            frame.check(
                    Libc.bind(frame.state(), fd.number(), address, (int) address.byteSize()), "bind", "path=" + path);
            if (owner.uid() != SocketOwner.UNCHANGED || owner.gid() != SocketOwner.UNCHANGED) {
                giveAway(path, owner);
            }
            frame.check(Libc.chmod(frame.state(), frame.string(path.toString()), mode), "chmod", "path=" + path);
            frame.check(Libc.listen(frame.state(), fd.number(), backlog), "listen", "path=" + path);
            fd.setNonBlocking(true);
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Connects to a listening socket.
     *
     * @param path where it listens
     * @return the connected socket, blocking
     */
    public static Fd connect(Path path) {
        Fd fd = open();
        try (Frame frame = new Frame()) {
            MemorySegment address = address(frame, path);
            int result;
            do {
                result = Libc.connect(frame.state(), fd.number(), address, (int) address.byteSize());
            } while (result < 0 && frame.failedWith(Errno.EINTR));
            frame.check(result, "connect", "path=" + path);
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Accepts a connection.
     *
     * @param listening a listening socket
     * @return the connected socket, blocking; empty if the socket is non-blocking and nobody waits, or he left
     */
    public static Optional<Fd> accept(Fd listening) {
        try (Frame frame = new Frame()) {
            int number = Libc.accept4(frame.state(), listening.number(), Abi.SOCK_CLOEXEC);
            if (number >= 0) {
                return Optional.of(new Fd(number));
            }
            if (frame.failedWith(Errno.EAGAIN)
                    || frame.failedWith(Errno.EINTR)
                    || frame.failedWith(Errno.ECONNABORTED)) {
                return Optional.empty();
            }
            throw frame.failure("accept4", "fd=" + listening.number());
        }
    }

    /**
     * Whether a socket listens, or is connected.
     *
     * @param socket a UNIX stream socket, perhaps inherited
     * @throws IllegalArgumentException if it is a socket of another kind
     * @throws NativeException if it is no socket at all: {@link Errno#ENOTSOCK}
     */
    public static boolean isListening(Fd socket) {
        if (option(socket, Abi.SO_DOMAIN) != Abi.AF_UNIX || option(socket, Abi.SO_TYPE) != Abi.SOCK_STREAM) {
            throw new IllegalArgumentException("Not a UNIX stream socket: " + socket);
        }
        return option(socket, Abi.SO_ACCEPTCONN) != 0;
    }

    /**
     * Who connected.
     *
     * @param pid the process
     * @param uid its user
     * @param gid its group
     */
    public record Peer(int pid, int uid, int gid) {}

    /**
     * Who is at the other end, as he was when he connected.
     *
     * @param socket a connected UNIX socket
     */
    public static Peer peer(Fd socket) {
        try (Frame frame = new Frame()) {
            MemorySegment value = frame.allocate(Abi.UCRED.byteSize(), Integer.BYTES);
            MemorySegment length = frame.allocate(Integer.BYTES, Integer.BYTES);
            // CAST: 12 bytes
            length.set(JAVA_INT, 0, (int) value.byteSize());
            int result =
                    Libc.getsockopt(frame.state(), socket.number(), Abi.SOL_SOCKET, Abi.SO_PEERCRED, value, length);
            frame.check(result, "getsockopt(SO_PEERCRED)", "fd=" + socket.number());
            return new Peer(
                    value.get(JAVA_INT, Abi.offset(Abi.UCRED, "pid")),
                    value.get(JAVA_INT, Abi.offset(Abi.UCRED, "uid")),
                    value.get(JAVA_INT, Abi.offset(Abi.UCRED, "gid")));
        }
    }

    /** Makes two connected sockets, blocking. */
    public static Pair pair() {
        try (Frame frame = new Frame()) {
            MemorySegment fds = frame.allocate(2L * Integer.BYTES, Integer.BYTES);
            frame.check(
                    Libc.socketpair(frame.state(), Abi.AF_UNIX, Abi.SOCK_STREAM | Abi.SOCK_CLOEXEC, 0, fds),
                    "socketpair",
                    "");
            return new Pair(new Fd(fds.getAtIndex(JAVA_INT, 0)), new Fd(fds.getAtIndex(JAVA_INT, 1)));
        }
    }

    /**
     * Ends both directions: whoever waits on this socket, here or at the peer, wakes and sees the end. Any thread may
     * call it, also while another one is inside a call on the socket.
     *
     * @param socket a connected or listening socket
     */
    public static void shutdown(Fd socket) {
        if (!socket.isClosed()) {
            Libc.shutdown(socket.number(), Abi.SHUT_RDWR);
        }
    }

    /**
     * Removes the file of a listening socket, unless somebody has put another file in its place.
     *
     * @param path the file
     * @param bound what the file was just after {@link #listen}
     */
    public static void remove(Path path, FileStat bound) {
        if (FileStat.of(path).filter(bound::isSameFile).isPresent()) {
            unlink(path);
        }
    }

    /** Gives the file of a bound socket away; takes it off the path if that fails. */
    private static void giveAway(Path path, SocketOwner owner) {
        try {
            owner.give(path);
        } catch (NativeException e) {
            unlink(path);
            throw e;
        }
    }

    private static int option(Fd socket, int name) {
        try (Frame frame = new Frame()) {
            MemorySegment value = frame.allocate(Integer.BYTES, Integer.BYTES);
            MemorySegment length = frame.allocate(Integer.BYTES, Integer.BYTES);
            length.set(JAVA_INT, 0, Integer.BYTES);
            int result = Libc.getsockopt(frame.state(), socket.number(), Abi.SOL_SOCKET, name, value, length);
            frame.check(result, "getsockopt", "fd=" + socket.number() + ", option=" + name);
            return value.get(JAVA_INT, 0);
        }
    }

    /**
     * Removes the file of a socket that nobody listens on any more, and nothing else.
     *
     * @param path any file, or none
     * @return whether it was removed
     * @throws IllegalArgumentException if it is a socket whose path is too long
     */
    public static boolean removeStale(Path path) {
        Optional<FileStat> file = FileStat.of(path);
        if (file.isEmpty() || !file.get().isSocket()) {
            return false;
        }
        try {
            connect(path).close();
        } catch (NativeException e) {
            if (e.is(Errno.ECONNREFUSED)) {
                unlink(path);
                return true;
            }
        }
        return false;
    }

    private static void unlink(Path path) {
        try (Frame frame = new Frame()) {
            int result = Libc.unlink(frame.state(), frame.string(path.toString()));
            if (result < 0 && !frame.failedWith(Errno.ENOENT)) {
                throw frame.failure("unlink", "path=" + path);
            }
        }
    }

    private static Fd open() {
        try (Frame frame = new Frame()) {
            return new Fd(frame.check(
                    Libc.socket(frame.state(), Abi.AF_UNIX, Abi.SOCK_STREAM | Abi.SOCK_CLOEXEC, 0), "socket", ""));
        }
    }

    private static MemorySegment address(Frame frame, Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_PATH_BYTES) {
            throw new IllegalArgumentException(
                    "Socket path must have 1 to " + MAX_PATH_BYTES + " bytes, not " + bytes.length + ": " + path);
        }
        MemorySegment address = frame.allocate(Abi.SOCKADDR_UN.byteSize(), 2);
        address.set(JAVA_SHORT, Abi.SUN_FAMILY, (short) Abi.AF_UNIX);
        MemorySegment.copy(bytes, 0, address, JAVA_BYTE, Abi.SUN_PATH, bytes.length);
        return address;
    }
}
