package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.rm.RpcFunction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/** Calls to the GSP firmware and events from it. One thread. */
final class Rpc {
    /** Functions from here on are events. */
    private static final int FIRST_EVENT = 0x1000;

    private final MessageQueues queues;
    private final Registers registers;
    private final Check check;
    private final Deque<Message> events = new ArrayDeque<>();

    Rpc(MessageQueues queues, Registers registers, Check check) {
        this.queues = queues;
        this.registers = registers;
        this.check = check;
    }

    /** Sends what is not answered. */
    void send(RpcFunction function, byte[] payload) {
        queues.send(function.number(), payload, this::ring);
    }

    /**
     * Sends a request and waits for its reply, which must be as long as the request, or as much longer as it takes for
     * drivers that count elements without their header.
     *
     * @return the reply's payload, as long as the request's
     */
    Words call(RpcFunction function, byte[] payload) {
        Message reply = exchange(function, payload);
        check.equal("RPC result of " + function, 0, reply.result());
        return payload(function, payload.length, reply);
    }

    /**
     * Sends a request that may be refused: the firmware puts the status into the payload and may repeat it as the
     * RPC's result.
     *
     * @param statusAt where in the payload the status is
     * @return the reply's payload, as long as the request's
     */
    Words attempt(RpcFunction function, byte[] payload, int statusAt) {
        Message reply = exchange(function, payload);
        Words words = payload(function, payload.length, reply);
        check.that(
                "RPC result of " + function,
                reply.result() == 0 || reply.result() == words.intAt(statusAt),
                "0 or the status " + Check.hex(words.intAt(statusAt)),
                Check.hex(reply.result()));
        return words;
    }

    private Words payload(RpcFunction function, int length, Message reply) {
        int excess = reply.payload().size() - length;
        check.that(
                "payload length of the reply to " + function,
                excess >= 0 && excess <= QueueLayout.RECORD_HEADER_BYTES + Long.BYTES,
                length + " bytes and little more",
                reply.payload().size() + " bytes");
        return new Words(reply.payload().bytesAt(0, length));
    }

    /** Sends a request and waits for its reply, of whatever length and result. */
    Message exchange(RpcFunction function, byte[] payload) {
        int sequence = queues.send(function.number(), payload, this::ring);
        Message first = awaitRecord("reply to " + function);
        check.equal("function of the reply", function.number(), first.function());
        check.equal("RPC sequence number of the reply", sequence, first.sequence());
        return whole(first, payload.length);
    }

    /** Waits for an event; others that come before it are kept. */
    Message awaitEvent(RpcFunction event) {
        for (Iterator<Message> kept = events.iterator(); kept.hasNext(); ) {
            Message message = kept.next();
            if (message.function() == event.number()) {
                kept.remove();
                return message;
            }
        }
        while (true) {
            Message message = awaitMessage("event " + event);
            if (message.function() == event.number()) {
                return message;
            }
            keep(message);
        }
    }

    /** Takes everything that has come and forgets the events of a kind. */
    void discard(RpcFunction event) {
        takeAll();
        events.removeIf(message -> message.function() == event.number());
    }

    /** Takes everything that has come; there must be no event. */
    void expectNoEvent() {
        takeAll();
        check.that("events", events.isEmpty(), "none", events.toString());
    }

    private void takeAll() {
        Optional<Message> message = queues.receiveRecord();
        while (message.isPresent()) {
            keep(message.get());
            message = queues.receiveRecord();
        }
    }

    private Message awaitRecord(String what) {
        while (true) {
            Message message = awaitMessage(what);
            if (message.function() < FIRST_EVENT) {
                return message;
            }
            keep(message);
        }
    }

    private Message awaitMessage(String what) {
        // Assigned by the condition, which is evaluated on this thread.
        Message[] got = new Message[1];
        check.await(
                what,
                () -> {
                    Optional<Message> message = queues.receiveRecord();
                    message.ifPresent(present -> got[0] = present);
                    return message.isPresent();
                },
                () -> "nothing; events kept: " + events);
        return got[0];
    }

    /** Adds continuation records up to the length that the request's reply has. */
    private Message whole(Message first, int length) {
        if (length <= MessageQueues.MAX_RECORD_PAYLOAD) {
            return first;
        }
        Words all = new Words(length);
        all.putBytes(0, first.payload().bytes());
        int done = first.payload().size();
        while (done < length) {
            Message more = awaitRecord("continuation of the reply");
            check.equal("function of a continuation", RpcFunction.CONTINUATION_RECORD.number(), more.function());
            check.that(
                    "length of a continuation",
                    more.payload().size() > 0 && more.payload().size() <= length - done,
                    "1 to " + (length - done),
                    "" + more.payload().size());
            all.putBytes(done, more.payload().bytes());
            done += more.payload().size();
        }
        return new Message(first.function(), first.result(), first.sequence(), all);
    }

    private void keep(Message event) {
        check.that("message", event.function() >= FIRST_EVENT, "an event", Check.hex(event.function()));
        events.add(event);
    }

    private void ring() {
        registers.write(Pgsp.QUEUE_HEAD.at(0), 0);
    }
}
