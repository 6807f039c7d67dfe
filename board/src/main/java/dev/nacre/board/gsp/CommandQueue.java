package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.gsp.Checksum;
import dev.nacre.hw.gsp.QueueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The queue of records from the driver. The driver owns its header and write position, this side the read position, which
 * it keeps here and only tells the driver of. Whatever is wrong with a record costs that record. GSP's engine thread.
 */
final class CommandQueue {
    private static final int PAGE_BYTES = QueueLayout.PAGE_BYTES;

    private final SharedMemory shared;
    private final int base;
    private final int statusBase;
    private final int count;
    private final QueueErrors errors;
    private int read;
    private int sequence;

    /**
     * @param base offset of this queue
     * @param statusBase offset of the other queue, where the read position is told
     * @param count elements
     */
    CommandQueue(SharedMemory shared, int base, int statusBase, int count, QueueErrors errors) {
        this.shared = shared;
        this.base = base;
        this.statusBase = statusBase;
        this.count = count;
        this.errors = errors;
    }

    /** The next good record, or null if there is none. */
    @Nullable
    RpcMessage poll() {
        // Each turn takes at least one element, of which there are so many.
        for (int i = 0; i < count; i++) {
            // ORDERING: the elements are read after the position that says they are there.
            int write = shared.readPosition(base + QueueLayout.WRITE_PTR);
            if (write == read) {
                return null;
            }
            if (write < 0 || write >= count) {
                errors.count("write position is impossible");
                return null;
            }
            RpcMessage message = take(write);
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    private @Nullable RpcMessage take(int write) {
        int available = Math.floorMod(write - read, count);
        byte[] first = new byte[PAGE_BYTES];
        shared.readPage(element(read), first, 0);
        int elements = WireStruct.over(first).get32(QueueLayout.ELEM_COUNT);
        if (elements < 1 || elements > QueueLayout.MAX_RECORD_ELEMENTS || elements > available) {
            // Where the next record begins is not known: all that was written is lost.
            errors.count("number of elements is impossible");
            advance(write);
            return null;
        }
        byte[] bytes = Arrays.copyOf(first, elements * PAGE_BYTES);
        for (int i = 1; i < elements; i++) {
            shared.readPage(element((read + i) % count), bytes, i * PAGE_BYTES);
        }
        advance((read + elements) % count);
        return decode(bytes);
    }

    private int element(int index) {
        return base + PAGE_BYTES * (1 + index);
    }

    private void advance(int position) {
        read = position;
        // ORDERING: the driver reuses elements once it sees this; they have been copied.
        shared.writePosition(statusBase + QueueLayout.READ_PTR, position);
    }

    private @Nullable RpcMessage decode(byte[] bytes) {
        WireStruct record = WireStruct.over(bytes);
        WireStruct rpc = record.part(QueueLayout.RECORD_HEADER_BYTES, bytes.length);
        int length = rpc.get32(QueueLayout.RPC_LENGTH);
        if (length < QueueLayout.RPC_HEADER_BYTES || length > rpc.length()) {
            errors.count("length is impossible");
            return null;
        }
        if (rpc.get32(QueueLayout.RPC_SIGNATURE) != QueueLayout.RPC_SIGNATURE_VALID) {
            errors.count("signature is wrong");
            return null;
        }
        if (Checksum.of(bytes, QueueLayout.RECORD_HEADER_BYTES + length) != 0) {
            errors.count("checksum is wrong");
            return null;
        }
        int number = record.get32(QueueLayout.SEQUENCE);
        if (number != sequence) {
            // A record is missing or doubled; the record itself is whole.
            errors.count("sequence is wrong");
        }
        sequence = number + 1;
        return new RpcMessage(
                rpc.get32(QueueLayout.RPC_FUNCTION),
                rpc.get32(QueueLayout.RPC_SEQUENCE),
                length - QueueLayout.RPC_HEADER_BYTES,
                rpc.part(QueueLayout.RPC_HEADER_BYTES, rpc.length()).toByteArray());
    }

    void save(StateWriter out) {
        out.put("base", base);
        out.put("count", count);
        out.put("read", read);
        out.put("sequence", sequence);
    }

    void restorePosition(StateReader in) {
        read = Math.clamp(in.intValue("read"), 0, count - 1);
        sequence = in.intValue("sequence");
    }
}
