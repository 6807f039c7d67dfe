package dev.nacre.linux;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file descriptor and its one owner. Whoever holds the {@code Fd} closes it; handing the object over hands over
 * the ownership. Closing twice is harmless. Safe for use by several threads, except that a call must not still run on a
 * descriptor that another thread closes: the number could already mean something else.
 */
public final class Fd implements AutoCloseable {
    private final int number;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes ownership of a number that a system call has just returned. */
    Fd(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("Not a descriptor: " + number);
        }
        this.number = number;
    }

    /**
     * Takes ownership of a descriptor that this process inherited, and keeps its own children from inheriting it.
     *
     * @param number the descriptor's number
     * @return its owner
     * @throws NativeException if no such descriptor is open
     */
    public static Fd adopt(int number) {
        try (Frame frame = new Frame()) {
            frame.check(
                    Libc.fcntl(frame.state(), number, Abi.F_SETFD, Abi.FD_CLOEXEC), "fcntl(F_SETFD)", "fd=" + number);
        }
        return new Fd(number);
    }

    /**
     * The number, for a system call to be made at once.
     *
     * @throws IllegalStateException if closed
     */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("Descriptor is closed: fd=" + number);
        }
        return number;
    }

    /** Whether {@link #close} was called. */
    public boolean isClosed() {
        return closed.get();
    }

    /**
     * Makes a second descriptor of the same open file.
     *
     * @return a new owner
     */
    public Fd duplicate() {
        return new Fd(control("fcntl(F_DUPFD_CLOEXEC)", Abi.F_DUPFD_CLOEXEC, 0));
    }

    /**
     * Makes calls on this open file return instead of blocking, or block again. Holds for every descriptor of the same
     * open file, in other processes too.
     *
     * @param nonBlocking true for calls that return
     */
    public void setNonBlocking(boolean nonBlocking) {
        int flags = control("fcntl(F_GETFL)", Abi.F_GETFL, 0);
        int wanted = nonBlocking ? flags | Abi.O_NONBLOCK : flags & ~Abi.O_NONBLOCK;
        if (wanted != flags) {
            control("fcntl(F_SETFL)", Abi.F_SETFL, wanted);
        }
    }

    /** Whether calls on this open file return instead of blocking. */
    public boolean isNonBlocking() {
        return (control("fcntl(F_GETFL)", Abi.F_GETFL, 0) & Abi.O_NONBLOCK) != 0;
    }

    /** Whether the file was opened for both reading and writing, as a writable shared mapping needs. */
    public boolean isReadWrite() {
        return (control("fcntl(F_GETFL)", Abi.F_GETFL, 0) & Abi.O_ACCMODE) == Abi.O_RDWR;
    }

    /**
     * Writes all bytes.
     *
     * @param bytes what to write
     * @throws NativeException if the file takes no more
     */
    public void write(byte[] bytes) {
        try (Frame frame = new Frame()) {
            MemorySegment buffer = frame.allocate(Math.max(1, bytes.length), 1);
            MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
            long done = 0;
            while (done < bytes.length) {
                long n = Libc.write(frame.state(), number(), buffer.asSlice(done), bytes.length - done);
                if (n >= 0) {
                    done += n;
                } else if (!frame.failedWith(Errno.EINTR)) {
                    throw frame.failure("write", "fd=" + number + ", length=" + bytes.length);
                }
            }
        }
    }

    /** Closes the descriptor; the second and later calls do nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            // Linux frees the number even if close reports an error, so the result changes nothing.
            Libc.close(number);
        }
    }

    @Override
    public String toString() {
        return "Fd[" + number + (closed.get() ? ", closed]" : "]");
    }

    int control(String call, int command, int argument) {
        try (Frame frame = new Frame()) {
            return frame.check(Libc.fcntl(frame.state(), number(), command, argument), call, "fd=" + number);
        }
    }
}
