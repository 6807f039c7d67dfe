package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a file is.
 *
 * @param device the file system's device number; with {@code inode} it names the file
 * @param inode number within the file system
 * @param mode type and permission bits
 * @param sizeBytes length
 * @param blockSizeBytes preferred block; for huge-page files the size of the page
 */
public record FileStat(long device, long inode, int mode, long sizeBytes, int blockSizeBytes) {
    /**
     * Asks about an open file.
     *
     * @param fd the file
     */
    public static FileStat of(Fd fd) {
        try (Frame frame = new Frame()) {
            MemorySegment out = frame.allocate(Abi.STATX.byteSize(), 8);
            frame.check(
                    Libc.statx(
                            frame.state(),
                            fd.number(),
                            frame.string(""),
                            Abi.AT_EMPTY_PATH,
                            Abi.STATX_BASIC_STATS,
                            out),
                    "statx",
                    "fd=" + fd.number());
            return decode(out);
        }
    }

    /**
     * Asks about a path, not following a symbolic link at its end.
     *
     * @param path the file's name
     * @return empty if there is no such file
     */
    public static Optional<FileStat> of(Path path) {
        try (Frame frame = new Frame()) {
            MemorySegment out = frame.allocate(Abi.STATX.byteSize(), 8);
            int result = Libc.statx(
                    frame.state(),
                    Abi.AT_FDCWD,
                    frame.string(path.toString()),
                    Abi.AT_SYMLINK_NOFOLLOW,
                    Abi.STATX_BASIC_STATS,
                    out);
            if (result < 0 && (frame.failedWith(Errno.ENOENT) || frame.failedWith(Errno.ENOTDIR))) {
                return Optional.empty();
            }
            frame.check(result, "statx", "path=" + path);
            return Optional.of(decode(out));
        }
    }

    /** Whether it is a regular file: one on a disk, in a tmpfs, or a memfd. */
    public boolean isRegular() {
        return (mode & Abi.S_IFMT) == Abi.S_IFREG;
    }

    /** Whether it is a UNIX socket's name. */
    public boolean isSocket() {
        return (mode & Abi.S_IFMT) == Abi.S_IFSOCK;
    }

    /** Whether it is no file at all but a kernel object such as an eventfd. */
    public boolean isAnonymous() {
        return (mode & Abi.S_IFMT) == 0;
    }

    /**
     * Whether both describe one file.
     *
     * @param other what another file is
     */
    public boolean isSameFile(FileStat other) {
        return device == other.device && inode == other.inode;
    }

    private static FileStat decode(MemorySegment s) {
        long major = s.get(JAVA_INT, Abi.offset(Abi.STATX, "stx_dev_major"));
        long minor = Integer.toUnsignedLong(s.get(JAVA_INT, Abi.offset(Abi.STATX, "stx_dev_minor")));
        return new FileStat(
                (major << 32) | minor,
                s.get(JAVA_LONG, Abi.offset(Abi.STATX, "stx_ino")),
                s.get(JAVA_SHORT, Abi.offset(Abi.STATX, "stx_mode")) & 0xffff,
                s.get(JAVA_LONG, Abi.offset(Abi.STATX, "stx_size")),
                s.get(JAVA_INT, Abi.offset(Abi.STATX, "stx_blksize")));
    }
}
