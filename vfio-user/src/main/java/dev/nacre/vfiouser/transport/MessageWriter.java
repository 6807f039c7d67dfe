package dev.nacre.vfiouser.transport;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages whose bodies are put together in its buffer. Allocates nothing per message. One thread; several writers
 * may share a socket if all of them hold one lock while they send.
 */
public final class MessageWriter implements AutoCloseable {
    private final FdSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(Limits.MAX_MESSAGE_BYTES, 64);
    private @Nullable List<Fd> attached;
    private boolean closesAttached;
    private @Nullable Lock shared;
    private @Nullable MemorySegment appended;
    private long appendedOffset;
    private long appendedBytes;

    /**
     * Makes a writer.
     *
     * @param socket where to send; stays the caller's
     */
    public MessageWriter(FdSocket socket) {
        this.socket = socket;
    }

    /** The segment to put a body into, at {@link #body}. */
    public MemorySegment segment() {
        return buffer;
    }

    /** Where in the segment a body starts. */
    public long body() {
        return Header.SIZE;
    }

    /** Holds a lock from now on whenever a reply is sent, since others send on the same socket. */
    public void share(Lock lock) {
        shared = lock;
    }

    /**
     * Passes descriptors with the next reply, if it is not an error.
     *
     * @param fds what to pass
     * @param closes whether they are this object's, to be closed when they have been passed, or never will be
     */
    public void attach(List<Fd> fds, boolean closes) {
        detach();
        attached = fds;
        closesAttached = closes;
    }

    /**
     * Ends the next reply's body with bytes that are not in the buffer, if it is not an error.
     *
     * @param memory a native segment, which stays until the reply has been sent
     * @param offset first byte
     * @param bytes how many; they count as part of the body's size
     */
    public void append(MemorySegment memory, long offset, long bytes) {
        appended = memory;
        appendedOffset = offset;
        appendedBytes = bytes;
    }

    /** Forgets what was to be sent beside the next reply's buffer, since it will not be sent. */
    public void detach() {
        appended = null;
        List<Fd> fds = attached;
        attached = null;
        if (fds != null && closesAttached) {
            fds.forEach(Fd::close);
        }
    }

    /** Sends a reply with the body that is in the buffer; false if the peer has gone. */
    public boolean reply(int id, int command, int bodySize) {
        return send(id, command, bodySize, Header.TYPE_REPLY, 0);
    }

    /** Sends an error reply, which is a bare header; false if the peer has gone. */
    public boolean error(int id, int command, int errno) {
        detach();
        return send(id, command, 0, Header.TYPE_REPLY | Header.ERROR, errno);
    }

    /**
     * Sends a command with the body that is in the buffer, and descriptors beside it.
     *
     * @param flags {@link Header#NO_REPLY} or 0
     * @param fds stay the caller's
     * @return false if the peer has gone
     */
    public boolean command(int id, int command, int bodySize, int flags, List<Fd> fds) {
        Header.put(buffer, id, command, Header.SIZE + bodySize, Header.TYPE_COMMAND | flags, 0);
        return socket.send(buffer, 0, Header.SIZE + (long) bodySize, fds);
    }

    /** Frees the buffer. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            detach();
            arena.close();
        }
    }

    private boolean send(int id, int command, int bodySize, int flags, int errno) {
        Header.put(buffer, id, command, Header.SIZE + bodySize, flags, errno);
        long length = Header.SIZE + (long) bodySize;
        if (attached == null && shared == null) {
            return sendParts(length);
        }
        return sendWithCare(length);
    }

    private boolean sendParts(long length) {
        MemorySegment rest = appended;
        if (rest == null) {
            return socket.send(buffer, 0, length);
        }
        appended = null;
        return socket.send(buffer, 0, length - appendedBytes, rest, appendedOffset, appendedBytes);
    }

    private boolean sendWithCare(long length) {
        Lock lock = shared;
        if (lock != null) {
            lock.lock();
        }
        try {
            return attached == null ? sendParts(length) : socket.send(buffer, 0, length, attached);
        } finally {
            if (lock != null) {
                lock.unlock();
            }
            detach();
        }
    }
}
