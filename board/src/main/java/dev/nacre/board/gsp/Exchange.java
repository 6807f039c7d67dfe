package dev.nacre.board.gsp;

import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.gsp.BootArguments.Geometry;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The two queues in the driver's memory, with what waits to be sent and what has not come as a whole. One thread. */
final class Exchange {
    // TIMEOUT: drivers do not ring when they have read from the status queue, so a full one is looked at again: soon at
    // first, then seldom, since the driver may be gone.
    private static final long RETRY_MIN_NS = 200_000;
    private static final long RETRY_MAX_NS = 50_000_000;

    private final GspFalconPort falcon;
    private final QueueErrors errors;
    private final Outbox outbox;
    private final Reassembler reassembler;
    private @Nullable CommandQueue commands;
    private @Nullable StatusQueue status;
    private long retryNs = RETRY_MIN_NS;

    /**
     * Has no queues yet.
     *
     * @param falcon by which the driver is told that there is something for it
     */
    Exchange(GspFalconPort falcon, QueueErrors errors) {
        this.falcon = falcon;
        this.errors = errors;
        this.outbox = new Outbox(errors);
        this.reassembler = new Reassembler(errors);
    }

    /** What is to be sent. */
    Outbox outbox() {
        return outbox;
    }

    /** Has the queues of a driver from now on. */
    void attach(BootArguments arguments) {
        Geometry geometry = arguments.geometry();
        commands = new CommandQueue(
                arguments.shared(), geometry.commandBase(), geometry.statusBase(), geometry.commandCount(), errors);
        status = new StatusQueue(
                arguments.shared(), geometry.statusBase(), geometry.commandBase(), geometry.statusCount(), errors);
    }

    /** Makes the queue to the driver empty, as a driver expects it of a GSP that starts. */
    void initialise() {
        if (status != null) {
            status.initialise();
        }
    }

    /** Has no queues any more, and drops what waits. */
    void detach() {
        commands = null;
        status = null;
        outbox.clear();
        reassembler.reset();
        retryNs = RETRY_MIN_NS;
    }

    /** Drops what came in part. */
    void dropPartial() {
        reassembler.reset();
    }

    /** Sends what fits. @return nanoseconds until to try again, {@link EngineThread.Pass#IDLE} if nothing is left */
    long flush() {
        if (status == null) {
            return EngineThread.Pass.IDLE;
        }
        Outbox.Flushed flushed = outbox.flush(status);
        if (flushed.interrupt()) {
            falcon.messageInterrupt();
        }
        if (outbox.isEmpty()) {
            retryNs = RETRY_MIN_NS;
            return EngineThread.Pass.IDLE;
        }
        retryNs = flushed.sent() ? RETRY_MIN_NS : Math.min(2 * retryNs, RETRY_MAX_NS);
        return retryNs;
    }

    /** The next record of the driver; null if there is none. */
    @Nullable
    RpcMessage poll() {
        return commands == null ? null : commands.poll();
    }

    /** Takes a record in. @return the message that it completes; null if more is to come, or it is not right */
    @Nullable
    RpcMessage complete(RpcMessage record) {
        return reassembler.accept(record);
    }

    /** Saves what waits. */
    void save(StateWriter out) {
        group(out, "outbox", outbox::save);
        group(out, "partial", reassembler::save);
    }

    /** Saves where the queues stand. */
    void savePositions(StateWriter out) {
        if (commands != null && status != null) {
            group(out, "commands", commands::save);
            group(out, "status", status::save);
        }
    }

    /** Takes back what {@link #save} has saved. */
    void restore(StateReader in) {
        outbox.restore(in.group("outbox"));
        reassembler.restore(in.group("partial"));
    }

    /** Takes back what {@link #savePositions} has saved; the queues are attached. */
    void restorePositions(StateReader in) {
        if (commands != null && status != null) {
            commands.restorePosition(in.group("commands"));
            status.restorePosition(in.group("status"));
        }
    }

    /** Saves a part under a name of its own. */
    static void group(StateWriter out, String name, Consumer<StateWriter> part) {
        StateWriter group = new StateWriter();
        part.accept(group);
        out.put(name, group);
    }
}
