package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.RemoteMemory;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DmaAccess;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Limits;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * DMA_READ and DMA_WRITE: reaches memory that the client did not share by asking the client. Any thread may, several at
 * once; each waits for its own reply, which another thread ({@link DmaReceiver}) brings here.
 *
 * <p>What a message asks for and what comes back is the client's business as far as its own memory goes; the reply's
 * length, address and count are checked.
 */
final class DmaMessages {
    // TIMEOUT: a client answers in microseconds; a QEMU that is waiting for us meanwhile does not before its own 5 s
    // are
    // over, and has given the device up then. Two seconds leave a slow one time and hold up a device's thread no
    // longer.
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Most messages without a reply, those included whose transfers have ended: more means that the client is stuck. */
    private static final int MAX_OUTSTANDING = 1024;

    private final MessageWriter writer;
    private final ReentrantLock sending = new ReentrantLock();
    private final long maxDataBytes;
    private final Runnable breakOff;

    /** Guarded by this, as all below. */
    private final Map<Integer, Transfer> outstanding = new HashMap<>();

    private int nextId;
    private boolean ended;

    /** One message, from the moment it is sent until its reply comes. Its end, once reached, is final. */
    private static final class Transfer {
        final Range range;
        final boolean write;
        final long iova;
        final int count;
        private final CountDownLatch end = new CountDownLatch(1);
        private byte[] data = new byte[0];
        private int errno;

        Transfer(Range range, boolean write, long iova, int count) {
            this.range = range;
            this.write = write;
            this.iova = iova;
            this.count = count;
        }

        int command() {
            return (write ? Command.DMA_WRITE : Command.DMA_READ).number();
        }

        synchronized void finish(int error, byte[] bytes) {
            if (end.getCount() > 0) {
                errno = error;
                data = bytes;
                end.countDown();
            }
        }

        DmaFault fault(int error) {
            return new DmaFault(iova, count, write, error);
        }

        /** What was read, which is nothing for a write. */
        byte[] result() {
            if (errno != 0) {
                throw fault(errno);
            }
            return data;
        }
    }

    /** A range that the client has mapped without a file, until {@link #unmap}. */
    final class Range implements RemoteMemory {
        private boolean unmapped;

        private Range() {}

        @Override
        public void read(long iova, MemorySegment dst, long dstOffset, long length) {
            for (long done = 0; done < length; ) {
                int count = part(iova + done, length - done, false);
                Transfer transfer = new Transfer(this, false, iova + done, count);
                byte[] bytes = run(transfer, MemorySegment.NULL, 0);
                MemorySegment.copy(bytes, 0, dst, ValueLayout.JAVA_BYTE, dstOffset + done, count);
                done += count;
            }
        }

        @Override
        public void write(long iova, MemorySegment src, long srcOffset, long length) {
            for (long done = 0; done < length; ) {
                int count = part(iova + done, length - done, true);
                run(new Transfer(this, true, iova + done, count), src, srcOffset + done);
                done += count;
            }
        }

        /** Ends transfers that wait for an answer, and refuses all later ones. */
        void unmap() {
            synchronized (DmaMessages.this) {
                unmapped = true;
                for (Transfer transfer : outstanding.values()) {
                    // It stays in the table: its reply will come, and must be known then.
                    if (transfer.range == this) {
                        transfer.finish(Errno.ECANCELED.number(), new byte[0]);
                    }
                }
            }
        }
    }

    /**
     * Makes the sender.
     *
     * @param socket where to send; others that send there take {@link #sendLock}
     * @param maxDataBytes most data bytes per message that the client takes
     * @param breakOff ends the client's connection
     */
    DmaMessages(FdSocket socket, long maxDataBytes, Runnable breakOff) {
        this.writer = new MessageWriter(socket);
        this.maxDataBytes = Math.min(maxDataBytes, Limits.MAX_DATA_BYTES);
        this.breakOff = breakOff;
        socket.sendWithin(PATIENCE);
    }

    /** Held by whoever sends. */
    ReentrantLock sendLock() {
        return sending;
    }

    /** Takes note of a range. */
    Range map() {
        return new Range();
    }

    /**
     * Takes a reply, if it is one to a message of this object.
     *
     * @param reply holds it; the receiving thread's
     * @return false if nothing here waits for it
     */
    boolean deliver(MessageReader reply) {
        Transfer transfer;
        synchronized (this) {
            transfer = outstanding.remove(reply.id());
        }
        if (transfer == null) {
            return false;
        }
        int errno = errnoOf(reply, transfer);
        boolean hasData = errno == 0 && !transfer.write;
        byte[] data = hasData
                ? reply.segment()
                        .asSlice(reply.body() + DmaAccess.SIZE, transfer.count)
                        .toArray(ValueLayout.JAVA_BYTE)
                : new byte[0];
        transfer.finish(errno, data);
        return true;
    }

    /** Ends transfers that wait, and refuses all later ones. Any thread. */
    synchronized void end() {
        ended = true;
        outstanding.values().forEach(transfer -> transfer.finish(Errno.ECONNRESET.number(), new byte[0]));
        outstanding.clear();
    }

    /** Frees the buffer, when the last sender has left, which the end of the socket brings out. After {@link #end}. */
    void close() {
        sending.lock();
        try {
            writer.close();
        } finally {
            sending.unlock();
        }
    }

    private int part(long iova, long length, boolean write) {
        if (maxDataBytes == 0) {
            throw new DmaFault(iova, length, write, Errno.E2BIG.number());
        }
        // CAST: at most 1 MiB
        return (int) Math.min(length, maxDataBytes);
    }

    /** Sends one message and waits for its reply; returns what was read. */
    private byte[] run(Transfer transfer, MemorySegment src, long srcOffset) {
        int id = begin(transfer);
        int errno = send(id, transfer, src, srcOffset);
        if (errno == 0 && !await(transfer)) {
            errno = Errno.ETIMEDOUT.number();
        }
        if (errno != 0) {
            // The stream is cut in the middle, or the client is stuck: nothing good can come of it any more.
            transfer.finish(errno, new byte[0]);
            breakOff.run();
            end();
        }
        return transfer.result();
    }

    private synchronized int begin(Transfer transfer) {
        if (ended) {
            throw transfer.fault(Errno.ECONNRESET.number());
        }
        if (transfer.range.unmapped) {
            throw transfer.fault(Errno.ECANCELED.number());
        }
        if (outstanding.size() >= MAX_OUTSTANDING) {
            throw transfer.fault(Errno.EBUSY.number());
        }
        do {
            nextId = (nextId + 1) & 0xffff;
        } while (outstanding.containsKey(nextId));
        outstanding.put(nextId, transfer);
        return nextId;
    }

    /** Sends one message; returns 0 or an errno. */
    private int send(int id, Transfer transfer, MemorySegment src, long srcOffset) {
        sending.lock();
        try {
            synchronized (this) {
                if (ended) {
                    return 0;
                }
            }
            MemorySegment out = writer.segment();
            DmaAccess.put(out, writer.body(), transfer.iova, transfer.count);
            int size = DmaAccess.SIZE;
            if (transfer.write) {
                MemorySegment.copy(src, srcOffset, out, writer.body() + DmaAccess.SIZE, transfer.count);
                size += transfer.count;
            }
            boolean sent = writer.command(id, transfer.command(), size, 0, List.of());
            return sent ? 0 : Errno.ECONNRESET.number();
        } catch (NativeException e) {
            return e.is(Errno.EAGAIN) ? Errno.ETIMEDOUT.number() : e.errno();
        } finally {
            sending.unlock();
        }
    }

    /** Waits for a transfer's end; false if none comes in time. */
    private static boolean await(Transfer transfer) {
        boolean interrupted = false;
        long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                try {
                    return transfer.end.await(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The error that a reply tells of, or that it is itself; 0 for none. GUEST: all of it is the client's. */
    private static int errnoOf(MessageReader reply, Transfer transfer) {
        if (reply.command() != transfer.command()) {
            return Errno.EPROTO.number();
        }
        if ((reply.flags() & Header.ERROR) != 0) {
            return reply.error() == 0 ? Errno.EIO.number() : reply.error();
        }
        int size = DmaAccess.SIZE + (transfer.write ? 0 : transfer.count);
        boolean answers = reply.bodySize() == size
                && DmaAccess.address(reply.segment(), reply.body()) == transfer.iova
                && DmaAccess.count(reply.segment(), reply.body()) == transfer.count;
        return answers ? 0 : Errno.EPROTO.number();
    }
}
