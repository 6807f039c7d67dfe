package dev.nacre.board.host;

import dev.nacre.board.ce.CopyContext;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.host.ChannelControl.MemoryRef;
import dev.nacre.board.mmu.VirtualSpace;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.util.function.LongSupplier;

/**
 * A channel. Changed by the runlist's thread, or by others while that is held; only {@link #rung} by any thread at any
 * time.
 */
final class Channel {
    final long handle;
    final int id;
    final long gpFifoAddress;
    final int gpFifoEntries;
    final MemoryRef userd;
    final MemoryRef instanceBlock;
    final VirtualSpace space;
    final PushState push = new PushState();
    final CopyContext copy = new CopyContext();

    /** The engine it is for. */
    EngineInfo engine;
    /** Gives its page directory. */
    LongSupplier pageDirectory;
    /** A doorbell rang since its GP_PUT was last read. */
    volatile boolean rung;
    /** There may be work left. */
    boolean working;
    /** It may run. */
    boolean enabled;
    /** It failed. */
    boolean dead;
    /** A YIELD ends its turn. */
    boolean yielded;

    Channel(long handle, ChannelControl.Request request, EngineInfo engine, VirtualSpace space) {
        this.handle = handle;
        this.id = request.channelId();
        this.gpFifoAddress = request.gpFifoAddress();
        this.gpFifoEntries = request.gpFifoEntries();
        this.userd = request.userd();
        this.instanceBlock = request.instanceBlock();
        this.engine = engine;
        this.pageDirectory = request.pageDirectory();
        this.space = space;
    }

    /** Whether a turn may do something. Takes note of a doorbell. */
    boolean takesTurn() {
        if (rung) {
            // ORDERING: cleared before GP_PUT is read, so that a later doorbell makes for a later read.
            rung = false;
            working = true;
        }
        return working && enabled && !dead;
    }

    void save(StateWriter out) {
        out.put("handle", handle);
        out.put("channel-id", id);
        out.put("rm-engine-type", engine.rmEngineType());
        out.put("gp-fifo-address", gpFifoAddress);
        out.put("gp-fifo-entries", gpFifoEntries);
        save(out, "userd", userd);
        save(out, "instance-block", instanceBlock);
        out.put("page-directory", pageDirectory.getAsLong());
        out.put("working", working || rung);
        out.put("enabled", enabled);
        out.put("dead", dead);
        StateWriter pushState = new StateWriter();
        push.save(pushState);
        out.put("push", pushState);
        StateWriter copyState = new StateWriter();
        copy.save(copyState);
        out.put("copy", copyState);
    }

    /** The request that a saved channel was made with; its page directory is what it was then. */
    static ChannelControl.Request savedRequest(StateReader in) {
        long saved = in.longValue("page-directory");
        return new ChannelControl.Request(
                in.intValue("channel-id"),
                in.intValue("rm-engine-type"),
                in.longValue("gp-fifo-address"),
                in.intValue("gp-fifo-entries"),
                memoryRef(in, "userd"),
                memoryRef(in, "instance-block"),
                () -> saved);
    }

    /** Takes what a channel that was made with {@link #savedRequest} had come to. */
    void restore(StateReader in) {
        working = in.booleanValue("working");
        enabled = in.booleanValue("enabled");
        dead = in.booleanValue("dead");
        push.restore(in.group("push"));
        copy.restore(in.group("copy"));
    }

    private static void save(StateWriter out, String name, MemoryRef ref) {
        out.put(name + "-address", ref.address());
        out.put(name + "-system", ref.system());
    }

    private static MemoryRef memoryRef(StateReader in, String name) {
        return new MemoryRef(in.longValue(name + "-address"), in.booleanValue(name + "-system"));
    }
}
