package dev.nacre.corejava.gsp;

import dev.nacre.hw.gsp.QueueLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The other side of the queues, which may say anything. */
public final class FakeGsp implements MessageQueues.Peer {
    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int STATUS = MessageQueues.STATUS_QUEUE;
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;

    /** Elements of a queue. */
    public static final int ELEMENTS = 63;

    private final MemorySegment shared = Arena.global().allocate(MessageQueues.BYTES, PAGE);
    private final MessageQueues queues = new MessageQueues(shared, 0x1_0000_0000L);
    private int write;
    private int sequence;
    private int rings;

    /** The driver's side. */
    public MessageQueues queues() {
        return queues;
    }

    /** How often the driver rang. */
    public int rings() {
        return rings;
    }

    /** The shared memory. */
    public MemorySegment shared() {
        return shared;
    }

    @Override
    public void ring() {
        rings++;
    }

    @Override
    public void requireAlive() {}

    /** A record as it must be, in whole elements. */
    public byte[] record(int function, byte[] payload) {
        int length = QueueLayout.RPC_HEADER_BYTES + payload.length;
        int count = QueueLayout.elements(length);
        byte[] bytes = new byte[count * PAGE];
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(QueueLayout.SEQUENCE, sequence);
        record.putInt(QueueLayout.ELEM_COUNT, count);
        record.putInt(RPC + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        record.putInt(RPC + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        record.putInt(RPC + QueueLayout.RPC_LENGTH, length);
        record.putInt(RPC + QueueLayout.RPC_FUNCTION, function);
        record.put(RPC + QueueLayout.RPC_HEADER_BYTES, payload);
        seal(bytes);
        return bytes;
    }

    /** Makes the checksum right again. */
    public static void seal(byte[] bytes) {
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(QueueLayout.CHECKSUM, 0);
        int length = record.getInt(RPC + QueueLayout.RPC_LENGTH);
        long sum = 0;
        for (int at = 0; at < RPC + length && at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            sum ^= record.getLong(at);
        }
        record.putInt(QueueLayout.CHECKSUM, (int) (sum >>> 32) ^ (int) sum);
    }

    /** Puts a record, and says so. */
    public void put(byte[] record) {
        for (int i = 0; i < record.length / PAGE; i++) {
            MemorySegment.copy(
                    MemorySegment.ofArray(record),
                    (long) i * PAGE,
                    shared,
                    STATUS + PAGE + (long) ((write + i) % ELEMENTS) * PAGE,
                    PAGE);
        }
        write = (write + record.length / PAGE) % ELEMENTS;
        sequence++;
        writePointer(write);
    }

    /** Says where it has written to. */
    public void writePointer(int element) {
        shared.set(ValueLayout.JAVA_INT, STATUS + QueueLayout.WRITE_PTR, element);
    }

    /** Says where it has read to. */
    public void readPointer(int element) {
        shared.set(ValueLayout.JAVA_INT, STATUS + QueueLayout.READ_PTR, element);
    }

    /** A word of an element of the command queue. */
    public int command(int element, int at) {
        return shared.get(ValueLayout.JAVA_INT, MessageQueues.COMMAND_QUEUE + PAGE + (long) element * PAGE + at);
    }

    /** A word of the command queue's header. */
    public int commandHeader(int at) {
        return shared.get(ValueLayout.JAVA_INT, MessageQueues.COMMAND_QUEUE + (long) at);
    }

    /** Bytes of an element of the command queue. */
    public byte[] commandBytes(int element, int count) {
        return shared.asSlice(MessageQueues.COMMAND_QUEUE + PAGE + (long) element * PAGE, (long) count * PAGE)
                .toArray(ValueLayout.JAVA_BYTE);
    }
}
