package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * To whom a socket's file is to belong.
 *
 * @param uid the user, {@link #UNCHANGED} for the one who makes it
 * @param gid the group, {@link #UNCHANGED} for that of the one who makes it
 */
public record SocketOwner(int uid, int gid) {
    /** Leaves a user or group as it is. HW: what chown(2) takes for that. */
    public static final int UNCHANGED = -1;

    // Room for all strings of one entry; a group with more members than fit is looked up by its number.
    private static final long STRINGS_SIZE = 256 << 10;

    /** Finds a name's entry; answers 0, or an errno. */
    private interface Lookup {
        int find(MemorySegment name, MemorySegment out, MemorySegment strings, MemorySegment found);
    }

    /**
     * Reads an owner as chown(1) does.
     *
     * @param text {@code user}, {@code user:group} or {@code :group}, each a name of this system or a number
     * @throws IllegalArgumentException if it is none of these, or there is no such user or group
     */
    public static SocketOwner parse(String text) {
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        String group = colon < 0 ? "" : text.substring(colon + 1);
        if (user.isEmpty() && group.isEmpty()) {
            throw new IllegalArgumentException("Not an owner, such as user:group: " + text);
        }
        int uid = user.isEmpty() ? UNCHANGED : number("user", user, Abi.PASSWD.byteSize(), "pw_uid", Libc::getpwnamR);
        int gid = group.isEmpty() ? UNCHANGED : number("group", group, Abi.GROUP.byteSize(), "gr_gid", Libc::getgrnamR);
        return new SocketOwner(uid, gid);
    }

    /**
     * Gives a socket's file away, and nothing else: neither what a symbolic link at its place leads to, nor a file that
     * is no socket.
     *
     * @throws NativeException if it is not permitted, or the path is no socket
     */
    void give(Path path) {
        try (Frame frame = new Frame()) {
            int flags = Abi.O_PATH | Abi.O_NOFOLLOW | Abi.O_CLOEXEC;
            int number =
                    frame.check(Libc.open(frame.state(), frame.string(path.toString()), flags), "open", "path=" + path);
            try (Fd file = new Fd(number)) {
                if (!FileStat.of(file).isSocket()) {
                    throw new NativeException("fchownat", Errno.ENOTSOCK.number(), "path=" + path);
                }
                int result = Libc.fchownat(frame.state(), number, frame.string(""), uid, gid, Abi.AT_EMPTY_PATH);
                frame.check(result, "fchownat", "path=" + path + ", uid=" + uid + ", gid=" + gid);
            }
        }
    }

    private static int number(String what, String name, long entrySize, String field, Lookup lookup) {
        try (Frame frame = new Frame()) {
            MemorySegment out = frame.allocate(entrySize, 8);
            MemorySegment found = frame.allocate(ADDRESS.byteSize(), 8);
            int errno = lookup.find(frame.string(name), out, frame.allocate(STRINGS_SIZE, 1), found);
            if (errno == 0 && found.get(ADDRESS, 0).address() != 0) {
                return out.get(JAVA_INT, Abi.offset(what.equals("user") ? Abi.PASSWD : Abi.GROUP, field));
            }
        }
        try {
            int id = Integer.parseInt(name);
            if (id >= 0) {
                return id;
            }
        } catch (NumberFormatException e) {
            // Neither a name nor a number: said below.
        }
        throw new IllegalArgumentException("There is no " + what + " " + name);
    }
}
