package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A connected UNIX stream socket that carries bytes, and descriptors with them. Receiving and sending allocate nothing.
 * One thread at a time may receive and one may send; {@link #shutdown} may come from any.
 */
public final class FdSocket implements AutoCloseable {
    private final Fd fd;
    private final int maxFds;
    private final Arena arena = Arena.ofShared();
    private final Direction in;
    private final Direction out;

    /** Longest time that one call may spend sending; 0 for no bound. */
    private volatile long sendBoundNs;

    /** Up to here a message is worth an attempt of its own. */
    private static final long SHORT_BYTES = 8 << 10;

    /** How long to look for bytes before waiting for them; 0 for not at all. */
    private volatile long spinNs;

    // TIMEOUT: a sender that is at it hands over its next bytes within a few microseconds; being woken takes longer.
    private static final long MORE_NS = 20_000;

    /** The native structs of one direction. */
    private static final class Direction {
        final MemorySegment state;
        final MemorySegment vector;
        final MemorySegment control;
        final MemorySegment message;

        Direction(Arena arena, int maxFds) {
            state = arena.allocate(Libc.STATE);
            vector = arena.allocate(Abi.IOVEC, 2);
            control = arena.allocate(Abi.cmsgSpace((long) maxFds * Integer.BYTES), 8);
            message = arena.allocate(Abi.MSGHDR);
            message.set(ADDRESS, Abi.MSG_IOV, vector);
            message.set(JAVA_LONG, Abi.MSG_IOVLEN, 1);
        }

        long receive(int fd, MemorySegment buffer, long offset, long length, int flags) {
            try {
                aim(buffer, offset, length);
                return Libc.recvmsg(state, fd, message, Abi.MSG_CMSG_CLOEXEC | flags);
            } finally {
                Reference.reachabilityFence(buffer);
            }
        }

        long send(int fd, MemorySegment buffer, long offset, long length) {
            try {
                aim(buffer, offset, length);
                return Libc.sendmsg(state, fd, message, Abi.MSG_NOSIGNAL);
            } finally {
                Reference.reachabilityFence(buffer);
            }
        }

        long sendBoth(int fd, MemorySegment first, long offset, long length, MemorySegment second, long at, long rest) {
            try {
                aim(first, offset, length);
                Objects.checkFromIndexSize(at, rest, second.byteSize());
                vector.set(JAVA_LONG, Abi.IOVEC.byteSize() + Abi.IOV_BASE, second.address() + at);
                vector.set(JAVA_LONG, Abi.IOVEC.byteSize() + Abi.IOV_LEN, rest);
                message.set(JAVA_LONG, Abi.MSG_IOVLEN, 2);
                return Libc.sendmsg(state, fd, message, Abi.MSG_NOSIGNAL);
            } finally {
                message.set(JAVA_LONG, Abi.MSG_IOVLEN, 1);
                Reference.reachabilityFence(first);
                Reference.reachabilityFence(second);
            }
        }

        /**
         * Sends a short message without descriptors, if there is room at once; below 0 if not, for whatever reason. There
         * is no vector for the kernel to fetch, and no errno: the JDK makes a segment for that which not every compilation
         * gets rid of.
         */
        // NATIVE: a bare address, as in a vector.
        long sendShort(int fd, MemorySegment buffer, long offset, long length) {
            Objects.checkFromIndexSize(offset, length, buffer.byteSize());
            try {
                return Libc.sendQuietly(fd, buffer.address() + offset, length, Abi.MSG_NOSIGNAL | Abi.MSG_DONTWAIT);
            } finally {
                Reference.reachabilityFence(buffer);
            }
        }

        // NATIVE: the vector holds a bare address, so the buffer is kept reachable until the call has returned.
        private void aim(MemorySegment buffer, long offset, long length) {
            Objects.checkFromIndexSize(offset, length, buffer.byteSize());
            vector.set(JAVA_LONG, Abi.IOV_BASE, buffer.address() + offset);
            vector.set(JAVA_LONG, Abi.IOV_LEN, length);
        }

        void setControl(long length) {
            message.set(ADDRESS, Abi.MSG_CONTROL, length == 0 ? MemorySegment.NULL : control);
            message.set(JAVA_LONG, Abi.MSG_CONTROLLEN, length);
        }
    }

    /**
     * Takes over a connected socket.
     *
     * @param fd a connected, blocking UNIX stream socket; owned by this object
     * @param maxFds most descriptors per call, both ways; at most 253
     */
    public FdSocket(Fd fd, int maxFds) {
        Objects.checkIndex(maxFds - 1, 253);
        this.fd = fd;
        this.maxFds = maxFds;
        this.in = new Direction(arena, maxFds);
        this.out = new Direction(arena, maxFds);
    }

    /** The socket's descriptor, to wait for; still owned by this object. */
    public Fd fd() {
        return fd;
    }

    /**
     * Bounds how long {@link #receive} waits; {@link Duration#ZERO} for no bound, as at the start. The bound does not
     * end a call that waits already.
     *
     * @param bound 0, or a microsecond or more
     */
    public void receiveWithin(Duration bound) {
        setTimeout(Abi.SO_RCVTIMEO, bound);
    }

    /**
     * Looks for bytes again and again for some time whenever {@link #receive} finds none, before it waits: the sender
     * then need not wake this thread. It occupies a processor meanwhile. {@link Duration#ZERO} for not at all, as at the
     * start.
     *
     * @param bound how long
     */
    public void spin(Duration bound) {
        spinNs = bound.toNanos();
    }

    /**
     * Asks the kernel to take so many bytes at once when sending, so that the sender need not wait for the peer to receive
     * the first of them. The kernel takes fewer if its limit (net.core.wmem_max) is lower, which is no failure.
     *
     * @param bytes 1 or more
     */
    public void sendBuffer(int bytes) {
        try (Frame frame = new Frame()) {
            MemorySegment value = frame.allocate(Integer.BYTES, Integer.BYTES);
            value.set(JAVA_INT, 0, bytes);
            int result =
                    Libc.setsockopt(frame.state(), fd.number(), Abi.SOL_SOCKET, Abi.SO_SNDBUF, value, Integer.BYTES);
            frame.check(result, "setsockopt", "fd=" + fd.number() + ", SO_SNDBUF=" + bytes);
        }
    }

    /**
     * Bounds how long one {@link #send} may wait for a peer that does not receive; {@link Duration#ZERO} for no bound,
     * as at the start. A call may take up to twice as long, if the peer receives a little now and then.
     *
     * @param bound 0, or a microsecond or more
     */
    public void sendWithin(Duration bound) {
        setTimeout(Abi.SO_SNDTIMEO, bound);
        sendBoundNs = bound.toNanos();
    }

    /**
     * Receives what is there, after waiting for at least one byte. Descriptors end a receive: those that it brings were
     * sent with the last bytes of what it returns.
     *
     * @param buffer a native segment
     * @param offset where to put the bytes
     * @param length most bytes to take, 1 or more
     * @param fds receives the descriptors, close-on-exec; must be empty
     * @return number of bytes; 0 when the peer has gone
     * @throws NativeException for other failures than the peer's leaving; {@link Errno#EAGAIN} if nothing came within
     *     the bound
     */
    public long receive(MemorySegment buffer, long offset, long length, ReceivedFds fds) {
        return receive(buffer, offset, length, fds, spinNs);
    }

    /**
     * The same, for bytes that the sender is likely to be just sending: looks for them for some microseconds, letting
     * other threads go first, before it waits.
     *
     * @param buffer a native segment, whose memory must not be freed meanwhile
     * @param offset where to put the bytes
     * @param length most bytes to take, 1 or more
     * @param fds receives the descriptors, close-on-exec; must be empty
     * @return number of bytes; 0 when the peer has gone
     * @throws NativeException as {@link #receive}
     */
    public long receiveMore(MemorySegment buffer, long offset, long length, ReceivedFds fds) {
        return receive(buffer, offset, length, fds, Math.max(spinNs, MORE_NS));
    }

    private long receive(MemorySegment buffer, long offset, long length, ReceivedFds fds, long lookNs) {
        if (fds.count() != 0) {
            throw new IllegalArgumentException("Needs an empty list, not one of " + fds.count() + " descriptors");
        }
        long room = (long) Math.min(maxFds, fds.capacity()) * Integer.BYTES;
        while (true) {
            // Not the padding too: the kernel would fill it with one descriptor more.
            in.setControl(Abi.CMSG_DATA + room);
            long n = lookNs > 0
                    ? lookAndReceive(buffer, offset, length, lookNs)
                    : in.receive(fd.number(), buffer, offset, length, 0);
            if (n >= 0) {
                collect(fds);
                return n;
            }
            int errno = Libc.errno(in.state);
            if (isGone(errno)) {
                return 0;
            }
            if (errno != Errno.EINTR.number()) {
                throw new NativeException("recvmsg", errno, "fd=" + fd.number());
            }
        }
    }

    /**
     * Sends all bytes.
     *
     * @param buffer a native segment
     * @param offset first byte
     * @param length number of bytes
     * @return false when the peer has gone
     * @throws NativeException for other failures; {@link Errno#EAGAIN} if the peer did not take all within the bound
     */
    public boolean send(MemorySegment buffer, long offset, long length) {
        return sendAll(buffer, offset, length, 0);
    }

    /**
     * Sends all bytes, descriptors with the first of them.
     *
     * @param buffer a native segment
     * @param offset first byte
     * @param length number of bytes, 1 or more
     * @param fds what to pass; still owned by the caller
     * @return false when the peer has gone
     * @throws NativeException for other failures; {@link Errno#EAGAIN} if the peer did not take all within the bound
     */
    public boolean send(MemorySegment buffer, long offset, long length, List<Fd> fds) {
        if (fds.isEmpty()) {
            return send(buffer, offset, length);
        }
        Objects.checkIndex(fds.size() - 1, maxFds);
        Objects.checkIndex(0, length);
        long payload = (long) fds.size() * Integer.BYTES;
        out.control.set(JAVA_LONG, Abi.CMSG_LEN, Abi.CMSG_DATA + payload);
        out.control.set(JAVA_INT, Abi.CMSG_LEVEL, Abi.SOL_SOCKET);
        out.control.set(JAVA_INT, Abi.CMSG_TYPE, Abi.SCM_RIGHTS);
        for (int i = 0; i < fds.size(); i++) {
            out.control.set(
                    JAVA_INT,
                    Abi.CMSG_DATA + (long) i * Integer.BYTES,
                    fds.get(i).number());
        }
        return sendAll(buffer, offset, length, Abi.cmsgSpace(payload));
    }

    /**
     * Sends the bytes of two segments, one after the other, without a copy between.
     *
     * @param first a native segment
     * @param offset first byte
     * @param length number of bytes
     * @param second a native segment, whose memory must not be freed meanwhile
     * @param secondOffset first byte
     * @param secondLength number of bytes
     * @return false when the peer has gone
     * @throws NativeException for other failures; {@link Errno#EAGAIN} if the peer did not take all within the bound
     */
    public boolean send(
            MemorySegment first, long offset, long length, MemorySegment second, long secondOffset, long secondLength) {
        out.setControl(0);
        long n = out.sendBoth(fd.number(), first, offset, length, second, secondOffset, secondLength);
        if (n < 0) {
            int errno = Libc.errno(out.state);
            if (isGone(errno)) {
                return false;
            }
            if (errno != Errno.EINTR.number()) {
                throw new NativeException("sendmsg", errno, "fd=" + fd.number() + ", length=" + length);
            }
            n = 0;
        }
        long ofFirst = Math.min(n, length);
        long ofSecond = n - ofFirst;
        return sendAll(first, offset + ofFirst, length - ofFirst, 0)
                && sendAll(second, secondOffset + ofSecond, secondLength - ofSecond, 0);
    }

    /** Ends both directions; a thread inside {@link #receive} or {@link #send} wakes and sees the end. */
    public void shutdown() {
        UnixSocket.shutdown(fd);
    }

    /**
     * Closes the socket and frees its buffers.
     *
     * @throws IllegalStateException if a thread is inside a call; {@link #shutdown} brings it out
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
            fd.close();
        }
    }

    /** As a receive that waits, after looking for some time. */
    // Where both sides have one processor, the sender must get it.
    @SuppressWarnings("ThreadPriorityCheck")
    private long lookAndReceive(MemorySegment buffer, long offset, long length, long lookNs) {
        long startNs = System.nanoTime();
        do {
            long n = in.receive(fd.number(), buffer, offset, length, Abi.MSG_DONTWAIT);
            if (n >= 0 || Libc.errno(in.state) != Errno.EAGAIN.number()) {
                return n;
            }
            Thread.yield();
        } while (System.nanoTime() - startNs < lookNs);
        return in.receive(fd.number(), buffer, offset, length, 0);
    }

    private boolean sendAll(MemorySegment buffer, long offset, long length, long controlLength) {
        boolean isShort = controlLength == 0 && length > 0 && length <= SHORT_BYTES;
        long done = isShort ? Math.max(0, out.sendShort(fd.number(), buffer, offset, length)) : 0;
        long firstStallNs = 0;
        out.setControl(controlLength);
        while (done < length) {
            long n = out.send(fd.number(), buffer, offset + done, length - done);
            if (n >= 0) {
                done += n;
                // Descriptors go with the first bytes only.
                out.setControl(0);
                if (done < length && sendBoundNs > 0) {
                    firstStallNs = firstStallNs == 0 ? System.nanoTime() : firstStallNs;
                    if (System.nanoTime() - firstStallNs > sendBoundNs) {
                        throw new NativeException("sendmsg", Errno.EAGAIN.number(), "sent=" + done + " of " + length);
                    }
                }
                continue;
            }
            int errno = Libc.errno(out.state);
            if (isGone(errno)) {
                return false;
            }
            if (errno != Errno.EINTR.number()) {
                throw new NativeException("sendmsg", errno, "fd=" + fd.number() + ", length=" + length);
            }
        }
        return true;
    }

    private void setTimeout(int option, Duration bound) {
        try (Frame frame = new Frame()) {
            MemorySegment value = frame.allocate(Abi.TIMEVAL.byteSize(), 8);
            value.set(JAVA_LONG, Abi.offset(Abi.TIMEVAL, "tv_sec"), bound.toSeconds());
            value.set(JAVA_LONG, Abi.offset(Abi.TIMEVAL, "tv_usec"), bound.toNanosPart() / 1000);
            // CAST: 16 bytes
            int result =
                    Libc.setsockopt(frame.state(), fd.number(), Abi.SOL_SOCKET, option, value, (int) value.byteSize());
            frame.check(result, "setsockopt", "fd=" + fd.number() + ", option=" + option + ", bound=" + bound);
        }
    }

    private static boolean isGone(int errno) {
        return errno == Errno.ECONNRESET.number() || errno == Errno.EPIPE.number();
    }

    /** Takes the descriptors out of the control data that a receive left. */
    private void collect(ReceivedFds fds) {
        if ((in.message.get(JAVA_INT, Abi.MSG_FLAGS) & Abi.MSG_CTRUNC) != 0) {
            fds.setTruncated();
        }
        long length = in.message.get(JAVA_LONG, Abi.MSG_CONTROLLEN);
        long at = 0;
        while (at + Abi.CMSG_DATA <= length) {
            long end = at + in.control.get(JAVA_LONG, at + Abi.CMSG_LEN);
            if (in.control.get(JAVA_INT, at + Abi.CMSG_LEVEL) == Abi.SOL_SOCKET
                    && in.control.get(JAVA_INT, at + Abi.CMSG_TYPE) == Abi.SCM_RIGHTS) {
                for (long data = at + Abi.CMSG_DATA; data + Integer.BYTES <= Math.min(end, length); data += 4) {
                    fds.add(in.control.get(JAVA_INT, data));
                }
            }
            at = Math.max(at + Abi.CMSG_DATA, (end + 7) & ~7L);
        }
    }
}
