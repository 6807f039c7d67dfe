package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.rm.RpcFunction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Records that are on their way to the driver. They go in order; while the status queue has no room for the next they
 * wait here, and no further command is taken, so that there is never more than one reply. GSP's engine thread.
 */
final class Outbox {
    /** Events that may wait; a driver that reads none loses the newest. */
    static final int MAX_WAITING_EVENTS = 128;

    private static final int MAX_PAYLOAD = QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES;

    /** More than the distance from a page's end in which a length must not be. */
    private static final int EVASION_BYTES = 2 * QueueLayout.RPC_HEADER_BYTES;

    /** A record that waits. */
    private static final class Waiting {
        // Whole elements, without checksum, sequence and element count.
        private final byte[] bytes;
        // Whether the driver must be interrupted: it does not wait for this one.
        private final boolean event;

        Waiting(byte[] bytes, boolean event) {
            this.bytes = bytes;
            this.event = event;
        }

        byte[] bytes() {
            return bytes;
        }

        boolean event() {
            return event;
        }
    }

    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final QueueErrors errors;

    Outbox(QueueErrors errors) {
        this.errors = errors;
    }

    /** What is the same in all records of a message. */
    private record Header(int function, int sequence, int result) {
        Header continued() {
            return new Header(RpcFunction.CONTINUATION_RECORD.number(), sequence, result);
        }
    }

    /**
     * Answers a message.
     *
     * @param countedBytes how much of the payload the length counts; the rest, which only a message of one record may
     *     have, follows uncounted
     */
    void reply(RpcMessage request, int result, byte[] payload, int countedBytes) {
        add(new Header(request.function(), request.sequence(), result), payload, countedBytes, false);
    }

    /** Sends an event that the driver waits for anyway. */
    void bootEvent(RpcFunction function, byte[] payload) {
        add(new Header(function.number(), 0, 0), payload, payload.length, false);
    }

    /** Sends an event and interrupts the driver. */
    void event(RpcFunction function, byte[] payload) {
        if (waiting.size() >= MAX_WAITING_EVENTS) {
            errors.count("event is lost, the driver reads none");
            return;
        }
        add(new Header(function.number(), 0, 0), payload, payload.length, true);
    }

    private void add(Header header, byte[] payload, int countedBytes, boolean event) {
        Header next = header;
        int from = 0;
        int left = countedBytes;
        while (left > MAX_PAYLOAD) {
            boolean awkward = isAwkward(QueueLayout.RPC_HEADER_BYTES + left - MAX_PAYLOAD);
            int bytes = awkward ? MAX_PAYLOAD - EVASION_BYTES : MAX_PAYLOAD;
            waiting.add(new Waiting(record(next, Arrays.copyOfRange(payload, from, from + bytes), bytes), event));
            next = header.continued();
            from += bytes;
            left -= bytes;
        }
        // Only a message of one record may be longer than asked for, or hold what its length does not count.
        boolean single = from == 0;
        int stored = single ? Math.min(payload.length, MAX_PAYLOAD) : left;
        byte[] last = Arrays.copyOfRange(payload, from, from + stored);
        waiting.add(new Waiting(record(next, last, single ? evade(left) : left), event));
    }

    // Some drivers step over a record by its length rounded up to pages, forgetting the record's own header: a length
    // must not be such that the two differ.
    private static boolean isAwkward(int rpcBytes) {
        return (rpcBytes + QueueLayout.PAGE_BYTES - 1) / QueueLayout.PAGE_BYTES != QueueLayout.elements(rpcBytes);
    }

    private static int evade(int payloadBytes) {
        int rpcBytes = QueueLayout.RPC_HEADER_BYTES + payloadBytes;
        return isAwkward(rpcBytes)
                ? Math.ceilDiv(rpcBytes, QueueLayout.PAGE_BYTES) * QueueLayout.PAGE_BYTES
                        + Long.BYTES
                        - QueueLayout.RPC_HEADER_BYTES
                : payloadBytes;
    }

    private static byte[] record(Header header, byte[] payload, int countedBytes) {
        int payloadBytes = Math.max(payload.length, countedBytes);
        int elements = QueueLayout.elements(QueueLayout.RPC_HEADER_BYTES + payloadBytes);
        byte[] record = new byte[elements * QueueLayout.PAGE_BYTES];
        WireStruct rpc = WireStruct.over(record)
                .part(QueueLayout.RECORD_HEADER_BYTES, record.length - QueueLayout.RECORD_HEADER_BYTES);
        rpc.put32(QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        rpc.put32(QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        rpc.put32(QueueLayout.RPC_LENGTH, QueueLayout.RPC_HEADER_BYTES + countedBytes);
        rpc.put32(QueueLayout.RPC_FUNCTION, header.function());
        rpc.put32(QueueLayout.RPC_RESULT, header.result());
        rpc.put32(QueueLayout.RPC_RESULT_PRIVATE, header.result());
        rpc.put32(QueueLayout.RPC_SEQUENCE, header.sequence());
        rpc.put(QueueLayout.RPC_HEADER_BYTES, payload);
        return record;
    }

    /**
     * What a flush did.
     *
     * @param sent whether anything was sent
     * @param interrupt whether the driver must be interrupted for it
     */
    record Flushed(boolean sent, boolean interrupt) {}

    /** Sends as much as there is room for. */
    Flushed flush(StatusQueue queue) {
        boolean sent = false;
        boolean interrupt = false;
        while (!waiting.isEmpty() && queue.push(waiting.getFirst().bytes())) {
            sent = true;
            interrupt |= waiting.removeFirst().event();
        }
        return new Flushed(sent, interrupt);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    void clear() {
        waiting.clear();
    }

    void save(StateWriter out) {
        int i = 0;
        for (Waiting record : waiting) {
            out.put("record" + i, record.bytes());
            out.put("event" + i++, record.event());
        }
        out.put("records", i);
    }

    void restore(StateReader in) {
        clear();
        int records = in.intValue("records");
        for (int i = 0; i < records; i++) {
            byte[] bytes = in.bytes("record" + i);
            if (bytes.length == 0
                    || bytes.length % QueueLayout.PAGE_BYTES != 0
                    || bytes.length > QueueLayout.MAX_RECORD_ELEMENTS * QueueLayout.PAGE_BYTES) {
                throw new StateException("Saved record has an impossible size: bytes=" + bytes.length);
            }
            waiting.add(new Waiting(bytes, in.booleanValue("event" + i)));
        }
    }
}
