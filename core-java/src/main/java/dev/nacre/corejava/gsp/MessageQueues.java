package dev.nacre.corejava.gsp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Waits;
import dev.nacre.hw.gsp.Checksum;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.rm.RpcFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The queues in the memory that driver and GSP share. The driver writes all of the command queue and its position in the
 * status queue, which lies behind the command queue's header; the GSP writes the mirror image, and may write anything at
 * any time.
 *
 * <p>Sending and receiving each need one thread at a time; they do not disturb each other.
 */
public final class MessageQueues {
    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int QUEUE_BYTES = 0x40000;
    private static final int ELEMENTS = QUEUE_BYTES / PAGE - 1;

    /** Offset of the command queue. */
    public static final int COMMAND_QUEUE = PAGE;

    /** Offset of the status queue. */
    public static final int STATUS_QUEUE = COMMAND_QUEUE + QUEUE_BYTES;

    /** Bytes of both, and of the list of pages before them. */
    public static final int BYTES = STATUS_QUEUE + QUEUE_BYTES;

    /** Longest payload of one record. */
    public static final int MAX_RECORD_PAYLOAD = QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES;

    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;
    private static final int RPC_PENDING = -1;

    // TIMEOUT: drivers wait seconds for room; the GSP takes a command in less than a millisecond.
    private static final long ROOM_NS = 10_000_000_000L;

    private static final VarHandle INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The GSP, as a sender sees it. */
    public interface Peer {
        /** Tells it that there is a command. */
        void ring();

        /** @throws CoreException if nobody is to wait for it any more */
        void requireAlive();
    }

    private final MemorySegment shared;
    private int commandSequence;
    private int rpcSequence;
    private int writeElement;
    private int statusSequence;
    private int readElement;

    /**
     * Makes empty queues.
     *
     * @param shared zeroed memory of {@link #BYTES}, on a page's border
     * @param iova where the GSP finds it
     */
    public MessageQueues(MemorySegment shared, long iova) {
        this.shared = shared;
        for (int page = 0; page < BYTES / PAGE; page++) {
            shared.set(LONG, (long) page * Long.BYTES, iova + (long) page * PAGE);
        }
        set(COMMAND_QUEUE + QueueLayout.SIZE, QUEUE_BYTES);
        set(COMMAND_QUEUE + QueueLayout.MSG_SIZE, PAGE);
        set(COMMAND_QUEUE + QueueLayout.MSG_COUNT, ELEMENTS);
        set(COMMAND_QUEUE + QueueLayout.FLAGS, QueueLayout.FLAG_SWAP_RX);
        set(COMMAND_QUEUE + QueueLayout.RX_HDR_OFF, QueueLayout.READ_PTR);
        set(COMMAND_QUEUE + QueueLayout.ENTRY_OFF, PAGE);
    }

    /**
     * Puts a command, in as many records as it takes, waiting for room.
     *
     * @param peer is told after each record
     * @return the number that the reply will have
     * @throws CoreException with {@link CoreError#TIMED_OUT} if there is no room in time, {@link CoreError#IO} if the GSP
     *     says that it has read what was never written
     */
    public int send(RpcFunction function, byte[] payload, Peer peer) {
        int sequence = rpcSequence++;
        int done = 0;
        do {
            int count = Math.min(MAX_RECORD_PAYLOAD, payload.length - done);
            RpcFunction part = done == 0 ? function : RpcFunction.CONTINUATION_RECORD;
            putRecord(new Part(part.number(), sequence, done, count), payload, peer);
            peer.ring();
            done += count;
        } while (done < payload.length);
        return sequence;
    }

    /** Whether the GSP has made its queue. */
    public boolean isStatusQueueMade() {
        return acquire(STATUS_QUEUE + QueueLayout.SIZE) != 0;
    }

    /** Checks the header of the GSP's queue. @throws CoreException with {@link CoreError#IO} if it is not as ours */
    public void checkStatusQueue() {
        requireHeader("version", QueueLayout.VERSION, 0);
        requireHeader("size", QueueLayout.SIZE, QUEUE_BYTES);
        requireHeader("size of elements", QueueLayout.MSG_SIZE, PAGE);
        requireHeader("number of elements", QueueLayout.MSG_COUNT, ELEMENTS);
        requireHeader("place of the reader's header", QueueLayout.RX_HDR_OFF, QueueLayout.READ_PTR);
        requireHeader("place of elements", QueueLayout.ENTRY_OFF, PAGE);
    }

    /**
     * Takes the next record that the GSP has put.
     *
     * @return empty if there is none
     * @throws CoreException with {@link CoreError#IO} if it is malformed: nothing that follows can be relied on
     */
    public Optional<GspMessage> receive() {
        int write = acquire(STATUS_QUEUE + QueueLayout.WRITE_PTR);
        if (write == readElement) {
            return Optional.empty();
        }
        require(write >= 0 && write < ELEMENTS, "write pointer " + write);
        int available = Math.floorMod(write - readElement, ELEMENTS);
        // GUEST: the GSP may change what it has put; it is copied once, and only the copy is looked at.
        int count = element(readElement, QueueLayout.ELEM_COUNT);
        require(
                count >= 1 && count <= Math.min(QueueLayout.MAX_RECORD_ELEMENTS, available),
                "record of " + count + " elements, " + available + " there");
        byte[] record = new byte[count * PAGE];
        for (int i = 0; i < count; i++) {
            int at = STATUS_QUEUE + PAGE + (readElement + i) % ELEMENTS * PAGE;
            MemorySegment.copy(shared, at, MemorySegment.ofArray(record), (long) i * PAGE, PAGE);
        }
        GspMessage message = parse(record, count);
        readElement = (readElement + count) % ELEMENTS;
        // ORDERING: the elements are given back after they were copied.
        INT.setRelease(shared, (long) COMMAND_QUEUE + QueueLayout.READ_PTR, readElement);
        return Optional.of(message);
    }

    private GspMessage parse(byte[] bytes, int count) {
        HostileBytes record = new HostileBytes("GSP's message", bytes);
        require(record.intAt(QueueLayout.ELEM_COUNT) == count, "number of elements changed");
        int sequence = record.intAt(QueueLayout.SEQUENCE);
        require(sequence == statusSequence, "sequence number " + sequence + ", not " + statusSequence);
        int version = record.intAt(RPC + QueueLayout.RPC_VERSION);
        int signature = record.intAt(RPC + QueueLayout.RPC_SIGNATURE);
        require(
                version == QueueLayout.RPC_HEADER_VERSION && signature == QueueLayout.RPC_SIGNATURE_VALID,
                "header 0x" + Integer.toHexString(version) + " 0x" + Integer.toHexString(signature));
        int length = record.intAt(RPC + QueueLayout.RPC_LENGTH);
        require(
                length >= QueueLayout.RPC_HEADER_BYTES && length <= count * PAGE - RPC,
                "length " + length + " in " + count + " elements");
        require(Checksum.of(bytes, RPC + length) == 0, "checksum");
        statusSequence++;
        return new GspMessage(
                record.intAt(RPC + QueueLayout.RPC_FUNCTION),
                record.intAt(RPC + QueueLayout.RPC_RESULT),
                record.intAt(RPC + QueueLayout.RPC_SEQUENCE),
                record.part(RPC + QueueLayout.RPC_HEADER_BYTES, length - QueueLayout.RPC_HEADER_BYTES));
    }

    /** What one record of a command carries. */
    private record Part(int function, int sequence, int offset, int size) {}

    private void putRecord(Part part, byte[] payload, Peer peer) {
        int length = QueueLayout.RPC_HEADER_BYTES + part.size();
        int count = QueueLayout.elements(length);
        byte[] bytes = new byte[count * PAGE];
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(QueueLayout.SEQUENCE, commandSequence);
        record.putInt(QueueLayout.ELEM_COUNT, count);
        record.putInt(RPC + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        record.putInt(RPC + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        record.putInt(RPC + QueueLayout.RPC_LENGTH, length);
        record.putInt(RPC + QueueLayout.RPC_FUNCTION, part.function());
        record.putInt(RPC + QueueLayout.RPC_RESULT, RPC_PENDING);
        record.putInt(RPC + QueueLayout.RPC_RESULT_PRIVATE, RPC_PENDING);
        record.putInt(RPC + QueueLayout.RPC_SEQUENCE, part.sequence());
        record.put(RPC + QueueLayout.RPC_HEADER_BYTES, payload, part.offset(), part.size());
        record.putInt(QueueLayout.CHECKSUM, Checksum.of(bytes, RPC + length));
        awaitRoom(count, peer);
        for (int i = 0; i < count; i++) {
            int at = COMMAND_QUEUE + PAGE + (writeElement + i) % ELEMENTS * PAGE;
            MemorySegment.copy(MemorySegment.ofArray(bytes), (long) i * PAGE, shared, at, PAGE);
        }
        commandSequence++;
        writeElement = (writeElement + count) % ELEMENTS;
        // ORDERING: whoever sees the pointer sees the elements before it.
        INT.setRelease(shared, (long) COMMAND_QUEUE + QueueLayout.WRITE_PTR, writeElement);
    }

    private void awaitRoom(int count, Peer peer) {
        BooleanSupplier enough = () -> {
            peer.requireAlive();
            return room() >= count;
        };
        if (!Waits.until(ROOM_NS, enough)) {
            throw new CoreException(CoreError.TIMED_OUT, "GSP takes no commands");
        }
    }

    private int room() {
        int read = acquire(STATUS_QUEUE + QueueLayout.READ_PTR);
        require(read >= 0 && read < ELEMENTS, "read pointer " + read);
        return Math.floorMod(read - writeElement - 1, ELEMENTS);
    }

    private void requireHeader(String what, int at, int expected) {
        int value = acquire(STATUS_QUEUE + at);
        require(value == expected, what + " of its queue is " + value + ", not " + expected);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new CoreException(CoreError.IO, "GSP's messages are not as they must be: " + what);
        }
    }

    private int element(int index, int at) {
        return (int) INT.get(shared, (long) STATUS_QUEUE + PAGE + (long) index * PAGE + at);
    }

    private int acquire(int at) {
        return (int) INT.getAcquire(shared, (long) at);
    }

    private void set(int at, int value) {
        INT.set(shared, (long) at, value);
    }
}
