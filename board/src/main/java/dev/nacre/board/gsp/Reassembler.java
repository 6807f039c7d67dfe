package dev.nacre.board.gsp;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.gsp.RpcLayout;
import dev.nacre.hw.rm.RpcFunction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts messages together that were cut into several records. The first record is of the greatest length and does not
 * say how many follow: only its own contents do. GSP's engine thread.
 */
final class Reassembler {
    /** Payload of one message at the most. */
    static final int MAX_PAYLOAD_BYTES = 4 << 20;

    private static final int MAX_RECORD_PAYLOAD_BYTES = QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES;

    private final QueueErrors errors;
    private @Nullable RpcMessage first;
    private byte[] payload = new byte[0];
    private int filled;

    Reassembler(QueueErrors errors) {
        this.errors = errors;
    }

    /** Takes a record, and gives the message that is complete with it, or null. */
    @Nullable
    RpcMessage accept(RpcMessage record) {
        if (record.function() == RpcFunction.CONTINUATION_RECORD.number()) {
            return append(record);
        }
        if (first != null) {
            errors.count("message was not continued");
            reset();
        }
        if (record.countedBytes() < MAX_RECORD_PAYLOAD_BYTES) {
            return record;
        }
        long required = requiredBytes(record);
        if (required <= record.countedBytes()) {
            return record;
        }
        if (required > MAX_PAYLOAD_BYTES) {
            errors.count("message is too long");
            return null;
        }
        first = record;
        payload = Arrays.copyOf(record.payload(), record.countedBytes());
        filled = record.countedBytes();
        payload = Arrays.copyOf(payload, (int) required);
        return null;
    }

    private @Nullable RpcMessage append(RpcMessage record) {
        RpcMessage begun = first;
        if (begun == null) {
            errors.count("continuation has no beginning");
            return null;
        }
        int bytes = Math.min(record.countedBytes(), payload.length - filled);
        System.arraycopy(record.payload(), 0, payload, filled, bytes);
        filled += bytes;
        if (filled < payload.length) {
            return null;
        }
        RpcMessage whole = new RpcMessage(begun.function(), begun.sequence(), payload.length, payload);
        reset();
        return whole;
    }

    /** Bytes that a message's own contents say it has. */
    private static long requiredBytes(RpcMessage record) {
        RpcFunction function = RpcFunction.of(record.function());
        if (function == null) {
            return 0;
        }
        return switch (function) {
            case GSP_RM_CONTROL ->
                RpcLayout.Control.PARAMS + Integer.toUnsignedLong(record.body().get32(RpcLayout.Control.PARAMS_SIZE));
            case GSP_RM_ALLOC ->
                RpcLayout.Alloc.PARAMS + Integer.toUnsignedLong(record.body().get32(RpcLayout.Alloc.PARAMS_SIZE));
            case ALLOC_MEMORY ->
                RpcLayout.AllocMemory.PAGES
                        + Long.BYTES * Integer.toUnsignedLong(record.body().get32(RpcLayout.AllocMemory.PAGE_COUNT));
            case SET_REGISTRY -> Integer.toUnsignedLong(record.body().get32(0));
            default -> 0;
        };
    }

    void reset() {
        first = null;
        payload = new byte[0];
        filled = 0;
    }

    void save(StateWriter out) {
        RpcMessage begun = first;
        out.put("partial", begun != null);
        if (begun != null) {
            out.put("function", begun.function());
            out.put("rpcSequence", begun.sequence());
            out.put("payload", payload);
            out.put("filled", filled);
        }
    }

    void restore(StateReader in) {
        reset();
        if (in.booleanValue("partial")) {
            payload = in.bytes("payload");
            filled = Math.clamp(in.intValue("filled"), 0, payload.length);
            first = new RpcMessage(in.intValue("function"), in.intValue("rpcSequence"), filled, payload);
        }
    }
}
