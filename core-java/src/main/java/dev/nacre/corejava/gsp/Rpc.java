package dev.nacre.corejava.gsp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.rm.RpcFunction;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls to the GSP and events from it. Any thread may call; calls go one after another, and each waits for its reply,
 * which the GSP does not announce by an interrupt.
 */
public final class Rpc {
    /** Records that one look takes, so that a GSP that never stops cannot hold a thread. */
    private static final int MAX_RECORDS_PER_LOOK = 256;

    /** Events that may wait; a GSP that sends more loses the newest. */
    private static final int MAX_EVENTS = 1024;

    // TIMEOUT: drivers allow 4 to 6 s for a reply; a software GPU on a busy host may take longer.
    private static final long REPLY_NS = 15_000_000_000L;

    /** How often a wait looks into memory for each time that it looks whether the GPU is still there. */
    private static final int LOOKS_PER_PRESENCE = 64;

    // TIMEOUT: whoever is told of events must be quick; one who is not loses only their order against replies.
    private static final long DELIVERY_NS = 2_000_000_000L;

    private static final long NS_PER_MS = 1_000_000;

    private static final System.Logger LOG = System.getLogger(Rpc.class.getName());

    private final MessageQueues queues;
    private final Registers registers;
    private final Runnable onEvents;
    private final long replyNs;

    /** Held during a call. */
    private final ReentrantLock calls = new ReentrantLock();

    /** Guards receiving, and what follows. */
    private final Object receiving = new Object();

    private final MessageQueues.Peer peer = new Gsp();
    private final Deque<GspMessage> events = new ArrayDeque<>();
    private final Deque<GspMessage> replies = new ArrayDeque<>();
    private long lostEvents;

    /** Events that were put into {@link #events}, and of them those that were delivered. */
    private long keptEvents;

    private long deliveredEvents;
    private boolean delivering;
    private @Nullable CoreException broken;

    /**
     * Calls by queues.
     *
     * @param onEvents is told, by the thread of a call, that there are events; must not call
     */
    public Rpc(MessageQueues queues, Registers registers, Runnable onEvents) {
        this(queues, registers, onEvents, REPLY_NS);
    }

    /** As the other, with another patience. */
    Rpc(MessageQueues queues, Registers registers, Runnable onEvents, long replyNs) {
        this.replyNs = replyNs;
        this.queues = queues;
        this.registers = registers;
        this.onEvents = onEvents;
    }

    /** Sends what is not answered. */
    public void send(RpcFunction function, byte[] payload) {
        calls.lock();
        try {
            requireWhole();
            queues.send(function, payload, peer);
        } finally {
            calls.unlock();
        }
    }

    /**
     * Sends a request and waits for its reply.
     *
     * @return the reply's payload, as long as the request's
     * @throws CoreException with {@link CoreError#TIMED_OUT} without a reply, {@link CoreError#IO} if the GSP refuses or
     *     its reply is shorter than the request, {@link CoreError#GONE}
     */
    public HostileBytes call(RpcFunction function, byte[] payload) {
        GspMessage reply = exchange(function, payload);
        if (reply.result() != 0) {
            throw new CoreException(
                    CoreError.IO, "GSP refuses " + function + ": result=0x" + Integer.toHexString(reply.result()));
        }
        return payload(function, payload.length, reply);
    }

    /**
     * Sends a request whose reply's payload says how it went, and waits for it.
     *
     * @return the reply's payload, as long as the request's
     * @throws CoreException as {@link #call}, but not if the GSP refuses
     */
    public HostileBytes attempt(RpcFunction function, byte[] payload) {
        return payload(function, payload.length, exchange(function, payload));
    }

    private static HostileBytes payload(RpcFunction function, int length, GspMessage reply) {
        if (reply.payload().size() < length) {
            throw new CoreException(
                    CoreError.IO,
                    "GSP's reply to " + function + " is too short: bytes="
                            + reply.payload().size() + " expected=" + length + " result=0x"
                            + Integer.toHexString(reply.result()));
        }
        return reply.payload().size() == length
                ? reply.payload()
                : reply.payload().part(0, length);
    }

    /** Sends a request and waits for its reply, of whatever length and result. */
    public GspMessage exchange(RpcFunction function, byte[] payload) {
        calls.lock();
        try {
            requireWhole();
            forgetReplies();
            int sequence = queues.send(function, payload, peer);
            GspMessage first = awaitReply(function, sequence);
            return payload.length <= MessageQueues.MAX_RECORD_PAYLOAD
                    ? first
                    : whole(function, first, sequence, payload.length);
        } finally {
            calls.unlock();
        }
    }

    /** Adds the records that follow, up to the length that the request had. */
    private GspMessage whole(RpcFunction function, GspMessage first, int sequence, int length) {
        if (first.payload().size() < MessageQueues.MAX_RECORD_PAYLOAD) {
            return first;
        }
        byte[] all = Arrays.copyOf(first.payload().copy(), length);
        int done = first.payload().size();
        while (done < length) {
            HostileBytes more =
                    awaitReply(RpcFunction.CONTINUATION_RECORD, sequence).payload();
            int count = Math.min(more.size(), length - done);
            more.require(count > 0, "empty continuation of the reply to " + function);
            System.arraycopy(more.copy(0, count), 0, all, done, count);
            done += count;
        }
        return new GspMessage(
                first.function(), first.result(), sequence, new HostileBytes("reply to " + function, all));
    }

    private GspMessage awaitReply(RpcFunction function, int sequence) {
        Pending pending = new Pending(function, sequence);
        if (!Waits.until(replyNs, pending)) {
            registers.requirePresent();
            throw new CoreException(
                    CoreError.TIMED_OUT,
                    "GSP does not answer: function=" + function + " milliseconds=" + replyNs / NS_PER_MS);
        }
        return Objects.requireNonNull(pending.reply);
    }

    /** Looks for a reply; those to earlier calls, which were given up, are thrown away. */
    private final class Pending implements BooleanSupplier {
        private final RpcFunction function;
        private final int sequence;
        private @Nullable GspMessage reply;
        private int looks;

        Pending(RpcFunction function, int sequence) {
            this.function = function;
            this.sequence = sequence;
        }

        @Override
        public boolean getAsBoolean() {
            receive();
            requireWhole();
            // A GPU that was pulled out reads as all-ones; memory does not show it.
            if (registers.function().isGone() || ++looks % LOOKS_PER_PRESENCE == 0) {
                registers.requirePresent();
            }
            synchronized (receiving) {
                while (reply == null && !replies.isEmpty()) {
                    GspMessage next = replies.remove();
                    // HW: what a continuation repeats of the first record's header is not documented.
                    boolean continuation = function == RpcFunction.CONTINUATION_RECORD;
                    if (next.is(function) && (continuation || next.sequence() == sequence)) {
                        reply = next;
                    } else {
                        LOG.log(System.Logger.Level.DEBUG, "Late or unasked reply: {0}", next);
                    }
                }
            }
            return reply != null;
        }
    }

    /** Takes what the GSP has put; events wait for {@link #takeEvent}. Any thread. */
    public void receive() {
        boolean arrived = false;
        synchronized (receiving) {
            for (int i = 0; i < MAX_RECORDS_PER_LOOK && broken == null; i++) {
                GspMessage message = next();
                if (message == null) {
                    break;
                }
                arrived |= keep(message);
            }
        }
        if (arrived) {
            onEvents.run();
        }
    }

    private @Nullable GspMessage next() {
        try {
            return queues.receive().orElse(null);
        } catch (CoreException e) {
            broken = e;
            onEvents.run();
            return null;
        }
    }

    private boolean keep(GspMessage message) {
        if (!message.isEvent()) {
            // No call waits for more than one message, but for the parts of one; more are not kept.
            if (replies.size() < MAX_RECORDS_PER_LOOK) {
                replies.add(message);
            }
            return false;
        }
        if (events.size() >= MAX_EVENTS) {
            if (lostEvents++ == 0) {
                LOG.log(System.Logger.Level.WARNING, "GSP sends events faster than they are taken; some are lost");
            }
            return false;
        }
        events.add(message);
        keptEvents++;
        return true;
    }

    /** The next event that was received. Any thread. */
    public Optional<GspMessage> takeEvent() {
        synchronized (receiving) {
            return Optional.ofNullable(events.poll());
        }
    }

    /** Tells that the event taken last was delivered. The thread that takes them. */
    public void eventDelivered() {
        synchronized (receiving) {
            deliveredEvents++;
            receiving.notifyAll();
        }
    }

    /** Whether somebody takes events and delivers them. Any thread. */
    public void delivering(boolean on) {
        synchronized (receiving) {
            delivering = on;
            deliveredEvents = keptEvents - events.size();
            receiving.notifyAll();
        }
    }

    /**
     * Waits until all events that were received before now have been delivered, so that what the GSP had put before a
     * reply is known before the call returns. Not by the thread that delivers.
     */
    public void awaitDelivery() {
        long end = System.nanoTime() + DELIVERY_NS;
        boolean interrupted = false;
        synchronized (receiving) {
            long wanted = keptEvents;
            long leftMs = DELIVERY_NS / NS_PER_MS;
            while (delivering && deliveredEvents < wanted && leftMs > 0) {
                try {
                    receiving.wait(leftMs);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                leftMs = (end - System.nanoTime()) / NS_PER_MS;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the queues cannot be relied on any more. Any thread. */
    public boolean isBroken() {
        synchronized (receiving) {
            return broken != null;
        }
    }

    /**
     * Ends all calls, those that wait included; when this returns, none uses the queues any more. Nor must {@link
     * #receive} be called afterwards.
     *
     * @param reason what they throw
     */
    public void end(CoreException reason) {
        synchronized (receiving) {
            if (broken == null) {
                broken = reason;
            }
        }
        // Whoever still calls notices within a pause; nobody touches the queues afterwards.
        calls.lock();
        try {
            forgetReplies();
        } finally {
            calls.unlock();
        }
    }

    private void forgetReplies() {
        synchronized (receiving) {
            replies.clear();
        }
    }

    /** Checks that the queues can be relied on. @throws CoreException with what was wrong */
    public void requireWhole() {
        synchronized (receiving) {
            if (broken != null) {
                throw new CoreException(broken.error(), String.valueOf(broken.getMessage()), broken);
            }
        }
    }

    private final class Gsp implements MessageQueues.Peer {
        @Override
        public void ring() {
            registers.write(Pgsp.QUEUE_HEAD.at(0), 0);
        }

        @Override
        public void requireAlive() {
            requireWhole();
        }
    }
}
