package dev.nacre.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An eventfd: a counter in the kernel that one side raises and the other waits for. Calls never block, and any thread
 * may make them; closing is safe at any time. The one exception is {@link #signal()} on a descriptor that a hostile peer
 * sent: use {@link #signal(Signaller)} there.
 */
public final class EventFd implements AutoCloseable {
    private static final MemorySegment ONE =
            Arena.global().allocateFrom(ValueLayout.JAVA_LONG, 1L).asReadOnly();

    private final Fd fd;

    private EventFd(Fd fd) {
        this.fd = fd;
    }

    /** Makes an eventfd whose counter is zero. */
    public static EventFd create() {
        try (Frame frame = new Frame()) {
            return new EventFd(new Fd(
                    frame.check(Libc.eventfd(frame.state(), 0, Abi.EFD_CLOEXEC | Abi.EFD_NONBLOCK), "eventfd", "")));
        }
    }

    /**
     * Takes over a descriptor that a peer sent, and makes it non-blocking. That does not last if the peer does not want
     * it: the flag is one for both sides.
     *
     * @param fd the descriptor; owned by the result, or closed if this throws
     * @throws IllegalArgumentException if it cannot be an eventfd: a file, pipe or socket could block us, or grow
     */
    public static EventFd adopt(Fd fd) {
        try {
            if (!FileStat.of(fd).isAnonymous()) {
                throw new IllegalArgumentException("Not an eventfd: " + fd);
            }
            fd.setNonBlocking(true);
            return new EventFd(fd);
        } catch (RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** The descriptor, to wait for or to pass on; still owned by this object. */
    public Fd fd() {
        return fd;
    }

    /**
     * Adds one to the counter. A counter at its limit stays: the other side has an event pending anyway. Blocks if the
     * counter is at its limit and a peer has made the descriptor blocking again.
     */
    public synchronized void signal() {
        if (!fd.isClosed()) {
            Libc.writeQuietly(fd.number(), ONE, Long.BYTES);
        }
    }

    /**
     * Adds one to the counter, and never blocks, whatever a peer has done to the descriptor.
     *
     * @param signaller does it
     */
    public synchronized void signal(Signaller signaller) {
        if (!fd.isClosed()) {
            signaller.raise(fd.number());
        }
    }

    /**
     * Takes the counter and sets it to zero; never blocks, whatever a peer has done to the descriptor.
     *
     * @return the counter; 0 if nothing was signalled, or if it is no eventfd
     */
    public synchronized long drain() {
        if (fd.isClosed()) {
            return 0;
        }
        try (Frame frame = new Frame()) {
            MemorySegment counter = frame.allocate(Long.BYTES, Long.BYTES);
            MemorySegment vector = frame.allocate(Abi.IOVEC.byteSize(), Long.BYTES);
            vector.set(ValueLayout.JAVA_LONG, Abi.IOV_BASE, counter.address());
            vector.set(ValueLayout.JAVA_LONG, Abi.IOV_LEN, Long.BYTES);
            long n = Libc.preadv2Quietly(fd.number(), vector, 1, -1, Abi.RWF_NOWAIT);
            return n == Long.BYTES ? counter.get(ValueLayout.JAVA_LONG, 0) : 0;
        }
    }

    /** Closes the descriptor; a {@link #signal} after that does nothing. */
    @Override
    public synchronized void close() {
        fd.close();
    }
}
