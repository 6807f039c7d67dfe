package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.gsp.Checksum;
import dev.nacre.hw.gsp.QueueLayout;

/**
 * The queue of records to the driver. This side owns its header and write position, the driver its read position. GSP's
 * engine thread.
 */
final class StatusQueue {
    private static final int PAGE_BYTES = QueueLayout.PAGE_BYTES;

    private final SharedMemory shared;
    private final int base;
    private final int commandBase;
    private final int count;
    private final QueueErrors errors;
    private int write;
    private int sequence;

    /**
     * @param base offset of this queue
     * @param commandBase offset of the other queue, where the driver tells its read position
     * @param count elements
     */
    StatusQueue(SharedMemory shared, int base, int commandBase, int count, QueueErrors errors) {
        this.shared = shared;
        this.base = base;
        this.commandBase = commandBase;
        this.count = count;
        this.errors = errors;
    }

    /** Writes the header, as after a start of the firmware. */
    void initialise() {
        write = 0;
        sequence = 0;
        shared.write32(base + QueueLayout.READ_PTR, 0);
        shared.write32(base + QueueLayout.VERSION, 0);
        shared.write32(base + QueueLayout.SIZE, (1 + count) * PAGE_BYTES);
        shared.write32(base + QueueLayout.MSG_SIZE, PAGE_BYTES);
        shared.write32(base + QueueLayout.WRITE_PTR, 0);
        shared.write32(base + QueueLayout.FLAGS, QueueLayout.FLAG_SWAP_RX);
        shared.write32(base + QueueLayout.RX_HDR_OFF, QueueLayout.READ_PTR);
        shared.write32(base + QueueLayout.MSG_COUNT, count);
        // ORDERING: drivers wait for the offset of the first element to learn that the header is there.
        shared.writePosition(base + QueueLayout.ENTRY_OFF, PAGE_BYTES);
    }

    /**
     * Sends a record, whose header still lacks checksum, sequence and element count.
     *
     * @param record whole elements
     * @return false if there is no room yet
     */
    boolean push(byte[] record) {
        int elements = record.length / PAGE_BYTES;
        int read = shared.readPosition(commandBase + QueueLayout.READ_PTR);
        if (read < 0 || read >= count) {
            errors.count("read position is impossible");
            return false;
        }
        int free = Math.floorMod(read - write - 1, count);
        if (elements > free) {
            return false;
        }
        seal(record, elements);
        for (int i = 0; i < elements; i++) {
            shared.writePage(base + PAGE_BYTES * (1 + (write + i) % count), record, i * PAGE_BYTES);
        }
        write = (write + elements) % count;
        sequence++;
        // ORDERING: the driver reads the elements after the position that says they are there.
        shared.writePosition(base + QueueLayout.WRITE_PTR, write);
        return true;
    }

    private void seal(byte[] record, int elements) {
        WireStruct header = WireStruct.over(record);
        int length = header.get32(QueueLayout.RECORD_HEADER_BYTES + QueueLayout.RPC_LENGTH);
        header.put32(QueueLayout.SEQUENCE, sequence);
        header.put32(QueueLayout.ELEM_COUNT, elements);
        header.put32(QueueLayout.CHECKSUM, 0);
        header.put32(QueueLayout.CHECKSUM, Checksum.of(record, QueueLayout.RECORD_HEADER_BYTES + length));
    }

    void save(StateWriter out) {
        out.put("base", base);
        out.put("count", count);
        out.put("write", write);
        out.put("sequence", sequence);
    }

    void restorePosition(StateReader in) {
        write = Math.clamp(in.intValue("write"), 0, count - 1);
        sequence = in.intValue("sequence");
    }
}
