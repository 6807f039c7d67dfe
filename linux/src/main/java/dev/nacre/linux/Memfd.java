package dev.nacre.linux;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/** Memory files: memory without a name that processes share by passing its descriptor. Pages appear when touched. */
public final class Memfd {
    /** What the kernel will refuse to do to a memory file from now on. */
    public enum Seal {
        /** Add seals. */
        SEAL(Abi.F_SEAL_SEAL),
        /** Shrink: no mapping can lose its pages. */
        SHRINK(Abi.F_SEAL_SHRINK),
        /** Grow. */
        GROW(Abi.F_SEAL_GROW),
        /** Write at all. */
        WRITE(Abi.F_SEAL_WRITE),
        /** Write except through writable mappings that exist already. */
        FUTURE_WRITE(Abi.F_SEAL_FUTURE_WRITE);

        private final int bit;

        Seal(int bit) {
            this.bit = bit;
        }
    }

    private Memfd() {}

    /**
     * Makes a memory file of a size that then stays: growing and shrinking are sealed.
     *
     * @param name shown by the kernel in {@code /proc}; need not be unique
     * @param sizeBytes its length
     * @return its owner
     */
    public static Fd ofFixedSize(String name, long sizeBytes) {
        Fd fd = create(name, sizeBytes);
        try {
            addSeals(fd, EnumSet.of(Seal.SHRINK, Seal.GROW, Seal.SEAL));
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Makes a memory file without seals.
     *
     * @param name shown by the kernel in {@code /proc}; need not be unique
     * @param sizeBytes its length
     * @return its owner
     */
    public static Fd create(String name, long sizeBytes) {
        Fd fd;
        try (Frame frame = new Frame()) {
            fd = new Fd(frame.check(
                    Libc.memfdCreate(frame.state(), frame.string(name), Abi.MFD_CLOEXEC | Abi.MFD_ALLOW_SEALING),
                    "memfd_create",
                    "name=" + name));
        }
        try {
            resize(fd, sizeBytes);
            return fd;
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Changes a file's length.
     *
     * @param fd a file open for writing
     * @param sizeBytes its new length
     */
    public static void resize(Fd fd, long sizeBytes) {
        try (Frame frame = new Frame()) {
            frame.check(
                    Libc.ftruncate(frame.state(), fd.number(), sizeBytes),
                    "ftruncate",
                    "fd=" + fd.number() + ", length=" + sizeBytes);
        }
    }

    /**
     * Seals a memory file; seals cannot be broken.
     *
     * @param fd the file
     * @param seals what to refuse from now on
     */
    public static void addSeals(Fd fd, Set<Seal> seals) {
        int bits = 0;
        for (Seal seal : seals) {
            bits |= seal.bit;
        }
        fd.control("fcntl(F_ADD_SEALS)", Abi.F_ADD_SEALS, bits);
    }

    /**
     * The seals of a file.
     *
     * @param fd any file
     * @return its seals; none if it is of a kind that cannot be sealed
     */
    public static Set<Seal> seals(Fd fd) {
        int bits;
        try {
            bits = fd.control("fcntl(F_GET_SEALS)", Abi.F_GET_SEALS, 0);
        } catch (NativeException e) {
            if (e.is(Errno.EINVAL)) {
                return EnumSet.noneOf(Seal.class);
            }
            throw e;
        }
        EnumSet<Seal> seals = EnumSet.noneOf(Seal.class);
        for (Seal seal : Seal.values()) {
            if ((bits & seal.bit) != 0) {
                seals.add(seal);
            }
        }
        return seals;
    }

    /**
     * Makes a descriptor of a memory file to give away, in such a manner that {@link #isLent} tells whether it is still
     * in use: open in some process, or mapped.
     *
     * @param file a memory file; it stays the caller's, who must not give descriptors of it away otherwise
     * @param writable whether who gets it can write
     */
    public static Fd lend(Fd file, boolean writable) {
        try (Frame frame = new Frame()) {
            String path = "/proc/self/fd/" + file.number();
            int flags = (writable ? Abi.O_RDWR : Abi.O_RDONLY) | Abi.O_CLOEXEC;
            Fd lent = new Fd(frame.check(Libc.open(frame.state(), frame.string(path), flags), "open", "path=" + path));
            // The kernel takes the lock off when the last descriptor and the last mapping of this open file go.
            if (Libc.flock(frame.state(), lent.number(), Abi.LOCK_SH | Abi.LOCK_NB) < 0) {
                NativeException failure = frame.failure("flock", "fd=" + lent.number());
                lent.close();
                throw failure;
            }
            return lent;
        }
    }

    /**
     * Whether a descriptor that {@link #lend} made is in use.
     *
     * @param file what was lent
     */
    public static boolean isLent(Fd file) {
        try (Frame frame = new Frame()) {
            if (Libc.flock(frame.state(), file.number(), Abi.LOCK_EX | Abi.LOCK_NB) < 0) {
                if (frame.failedWith(Errno.EAGAIN)) {
                    return true;
                }
                throw frame.failure("flock", "fd=" + file.number());
            }
            frame.check(Libc.flock(frame.state(), file.number(), Abi.LOCK_UN), "flock", "fd=" + file.number());
            return false;
        }
    }

    /**
     * Gives pages of a memory file back to the system: the range reads as zero then, through mappings too, and costs no
     * memory until it is touched. Takes time with the pages that are in use, some hundred microseconds per MiB.
     *
     * @param fd the file
     * @param offset first byte, a multiple of the page size
     * @param length bytes, a multiple of the page size
     */
    public static void discard(Fd fd, long offset, long length) {
        try (Frame frame = new Frame()) {
            frame.check(
                    Libc.fallocate(
                            frame.state(),
                            fd.number(),
                            Abi.FALLOC_FL_PUNCH_HOLE | Abi.FALLOC_FL_KEEP_SIZE,
                            offset,
                            length),
                    "fallocate(PUNCH_HOLE)",
                    "fd=" + fd.number() + ", offset=" + offset + ", length=" + length);
        }
    }

    /**
     * Finds the next page that is not in use. Does not touch any page. Moves the file's position.
     *
     * @param fd the file
     * @param offset where to begin, inside the file
     * @return the first byte of such a page, {@code offset} itself if it lies in one; the file's end if there is none
     */
    public static long nextHole(Fd fd, long offset) {
        try (Frame frame = new Frame()) {
            long found = Libc.lseek(frame.state(), fd.number(), offset, Abi.SEEK_HOLE);
            if (found < 0) {
                throw frame.failure("lseek(SEEK_HOLE)", "fd=" + fd.number() + ", offset=" + offset);
            }
            return found;
        }
    }

    /**
     * Finds the next page in use: what lies before it reads as zero. Does not touch any page. Moves the file's position.
     *
     * @param fd the file
     * @param offset where to begin, inside the file
     * @return the first byte of a page in use, {@code offset} itself if it lies in one; empty if there is none
     */
    public static OptionalLong nextData(Fd fd, long offset) {
        try (Frame frame = new Frame()) {
            long found = Libc.lseek(frame.state(), fd.number(), offset, Abi.SEEK_DATA);
            if (found >= 0) {
                return OptionalLong.of(found);
            }
            if (frame.failedWith(Errno.ENXIO)) {
                return OptionalLong.empty();
            }
            throw frame.failure("lseek(SEEK_DATA)", "fd=" + fd.number() + ", offset=" + offset);
        }
    }
}
