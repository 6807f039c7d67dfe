package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.rm.RpcFunction;
import java.util.Optional;

/**
 * The command queue (driver to firmware) and the status queue (firmware to driver) in scattered pages of system memory,
 * with every check that any driver makes.
 *
 * <p>The driver writes all of the command queue and the read pointer of the status queue, which lies behind the command
 * queue's header; the firmware writes the mirror image. One thread.
 */
final class MessageQueues {
    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int QUEUE_BYTES = 0x40000;
    private static final int COMMAND_QUEUE = PAGE;
    private static final int STATUS_QUEUE = COMMAND_QUEUE + QUEUE_BYTES;
    private static final int PAGES = (STATUS_QUEUE + QUEUE_BYTES) / PAGE;
    private static final int ELEMENTS = QUEUE_BYTES / PAGE - 1;
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;
    private static final int RPC_PENDING = 0xffff_ffff;

    /** Longest payload of one record. */
    static final int MAX_RECORD_PAYLOAD = QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES;

    private final DmaBuffer shared;
    private final Check check;
    private int commandSequence;
    private int statusSequence;
    private int rpcSequence;

    /** Makes empty queues in memory of which the firmware is told by its arguments. */
    MessageQueues(SystemMemory memory, Check check) {
        this.check = check;
        this.shared = memory.allocate((long) PAGES * PAGE);
        for (int i = 0; i < PAGES; i++) {
            shared.putLong(8L * i, shared.iova((long) i * PAGE));
        }
        shared.putInt(COMMAND_QUEUE + QueueLayout.SIZE, QUEUE_BYTES);
        shared.putInt(COMMAND_QUEUE + QueueLayout.MSG_SIZE, PAGE);
        shared.putInt(COMMAND_QUEUE + QueueLayout.MSG_COUNT, ELEMENTS);
        shared.putInt(COMMAND_QUEUE + QueueLayout.FLAGS, QueueLayout.FLAG_SWAP_RX);
        shared.putInt(COMMAND_QUEUE + QueueLayout.RX_HDR_OFF, QueueLayout.READ_PTR);
        shared.putInt(COMMAND_QUEUE + QueueLayout.ENTRY_OFF, PAGE);
    }

    /** Address of the shared area's first page, which holds the list of all its pages. */
    long address() {
        return shared.iova(0);
    }

    int pageCount() {
        return PAGES;
    }

    int commandQueueOffset() {
        return COMMAND_QUEUE;
    }

    int statusQueueOffset() {
        return STATUS_QUEUE;
    }

    /** Checks the header that the firmware makes for its queue. */
    void checkStatusHeader() {
        check.equal("status queue version", 0, shared.intAt(STATUS_QUEUE + QueueLayout.VERSION));
        check.equal("status queue size", QUEUE_BYTES, shared.intAt(STATUS_QUEUE + QueueLayout.SIZE));
        check.equal("status queue message size", PAGE, shared.intAt(STATUS_QUEUE + QueueLayout.MSG_SIZE));
        check.equal("status queue message count", ELEMENTS, shared.intAt(STATUS_QUEUE + QueueLayout.MSG_COUNT));
        check.equal("status queue flags", QueueLayout.FLAG_SWAP_RX, shared.intAt(STATUS_QUEUE + QueueLayout.FLAGS));
        check.equal(
                "status queue receive header offset",
                QueueLayout.READ_PTR,
                shared.intAt(STATUS_QUEUE + QueueLayout.RX_HDR_OFF));
        check.equal("status queue entry offset", PAGE, shared.intAt(STATUS_QUEUE + QueueLayout.ENTRY_OFF));
    }

    /** Whether the firmware has made its header. */
    boolean isStatusQueueMade() {
        return shared.intAtAcquire(STATUS_QUEUE + QueueLayout.SIZE) != 0;
    }

    /** Whether the firmware has taken all commands. */
    boolean areCommandsTaken() {
        return shared.intAtAcquire(STATUS_QUEUE + QueueLayout.READ_PTR)
                == shared.intAt(COMMAND_QUEUE + QueueLayout.WRITE_PTR);
    }

    /**
     * Puts a command, in as many records as it takes, waiting for room. The doorbell is the caller's.
     *
     * @param doorbell rung after each record
     * @return the RPC header's sequence number
     */
    int send(int function, byte[] payload, Runnable doorbell) {
        int sequence = rpcSequence++;
        int done = 0;
        do {
            int count = Math.min(MAX_RECORD_PAYLOAD, payload.length - done);
            putRecord(done == 0 ? function : RpcFunction.CONTINUATION_RECORD.number(), sequence, payload, done, count);
            doorbell.run();
            done += count;
        } while (done < payload.length);
        return sequence;
    }

    /** Takes the next record of the status queue, if there is one, with all checks. */
    Optional<Message> receiveRecord() {
        int read = shared.intAt(COMMAND_QUEUE + QueueLayout.READ_PTR);
        int write = shared.intAtAcquire(STATUS_QUEUE + QueueLayout.WRITE_PTR);
        check.that("status queue write pointer", write >= 0 && write < ELEMENTS, "below " + ELEMENTS, "" + write);
        if (read == write) {
            return Optional.empty();
        }
        int available = Math.floorMod(write - read, ELEMENTS);
        int count = new Words(elements(STATUS_QUEUE, read, 1)).intAt(QueueLayout.ELEM_COUNT);
        check.that(
                "elements of a status record",
                count >= 1 && count <= Math.min(QueueLayout.MAX_RECORD_ELEMENTS, available),
                "1 to " + Math.min(QueueLayout.MAX_RECORD_ELEMENTS, available),
                "" + count);
        Words record = new Words(elements(STATUS_QUEUE, read, count));
        Message message = checked(record, count);
        shared.putIntRelease(COMMAND_QUEUE + QueueLayout.READ_PTR, (read + count) % ELEMENTS);
        return Optional.of(message);
    }

    private Message checked(Words record, int count) {
        check.equal("sequence number of a status record", statusSequence++, record.intAt(QueueLayout.SEQUENCE));
        check.equal("RPC header version", QueueLayout.RPC_HEADER_VERSION, record.intAt(RPC + QueueLayout.RPC_VERSION));
        check.equal("RPC signature", QueueLayout.RPC_SIGNATURE_VALID, record.intAt(RPC + QueueLayout.RPC_SIGNATURE));
        int length = record.intAt(RPC + QueueLayout.RPC_LENGTH);
        check.that(
                "RPC length",
                length >= QueueLayout.RPC_HEADER_BYTES && length <= count * PAGE - RPC,
                "between header and record size",
                "" + length);
        check.equal("elements for an RPC of " + length + " bytes", QueueLayout.elements(length), count);
        // HW: drivers that step by the RPC's length alone must come out at the same element.
        check.equal("elements as counted without the element header", (length + PAGE - 1) / PAGE, count);
        check.equal("checksum of a status record", 0, checksum(record, RPC + length));
        check.equal(
                "RPC private result",
                record.intAt(RPC + QueueLayout.RPC_RESULT),
                record.intAt(RPC + QueueLayout.RPC_RESULT_PRIVATE));
        return new Message(
                record.intAt(RPC + QueueLayout.RPC_FUNCTION),
                record.intAt(RPC + QueueLayout.RPC_RESULT),
                record.intAt(RPC + QueueLayout.RPC_SEQUENCE),
                new Words(record.bytesAt(RPC + QueueLayout.RPC_HEADER_BYTES, length - QueueLayout.RPC_HEADER_BYTES)));
    }

    private void putRecord(int function, int sequence, byte[] payload, int offset, int size) {
        int length = QueueLayout.RPC_HEADER_BYTES + size;
        int count = QueueLayout.elements(length);
        awaitRoom(count);
        Words record = new Words(count * PAGE);
        record.putInt(QueueLayout.SEQUENCE, commandSequence++);
        record.putInt(QueueLayout.ELEM_COUNT, count);
        record.putInt(RPC + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        record.putInt(RPC + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        record.putInt(RPC + QueueLayout.RPC_LENGTH, length);
        record.putInt(RPC + QueueLayout.RPC_FUNCTION, function);
        record.putInt(RPC + QueueLayout.RPC_RESULT, RPC_PENDING);
        record.putInt(RPC + QueueLayout.RPC_RESULT_PRIVATE, RPC_PENDING);
        record.putInt(RPC + QueueLayout.RPC_SEQUENCE, sequence);
        record.putBytes(
                RPC + QueueLayout.RPC_HEADER_BYTES, java.util.Arrays.copyOfRange(payload, offset, offset + size));
        record.putInt(QueueLayout.CHECKSUM, checksum(record, RPC + length));
        int write = shared.intAt(COMMAND_QUEUE + QueueLayout.WRITE_PTR);
        for (int i = 0; i < count; i++) {
            shared.putBytes(
                    COMMAND_QUEUE + PAGE + (long) ((write + i) % ELEMENTS) * PAGE, record.bytesAt(i * PAGE, PAGE));
        }
        shared.putIntRelease(COMMAND_QUEUE + QueueLayout.WRITE_PTR, (write + count) % ELEMENTS);
    }

    private void awaitRoom(int count) {
        check.await(
                "room in the command queue",
                () -> Math.floorMod(
                                shared.intAtAcquire(STATUS_QUEUE + QueueLayout.READ_PTR)
                                        - shared.intAt(COMMAND_QUEUE + QueueLayout.WRITE_PTR)
                                        - 1,
                                ELEMENTS)
                        >= count,
                () -> "read pointer " + shared.intAt(STATUS_QUEUE + QueueLayout.READ_PTR) + ", write pointer "
                        + shared.intAt(COMMAND_QUEUE + QueueLayout.WRITE_PTR));
    }

    private byte[] elements(int queue, int first, int count) {
        byte[] bytes = new byte[count * PAGE];
        for (int i = 0; i < count; i++) {
            byte[] one = shared.bytesAt(queue + PAGE + (long) ((first + i) % ELEMENTS) * PAGE, PAGE);
            System.arraycopy(one, 0, bytes, i * PAGE, PAGE);
        }
        return bytes;
    }

    /** The exclusive or of all 64-bit words up to a length, padded with what follows, folded to 32 bits. */
    private static int checksum(Words record, int length) {
        long sum = 0;
        for (int at = 0; at < length; at += Long.BYTES) {
            sum ^= record.longAt(at);
        }
        return (int) (sum >>> 32) ^ (int) sum;
    }
}
