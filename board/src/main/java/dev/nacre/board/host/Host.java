package dev.nacre.board.host;

import dev.nacre.board.engine.EngineSource;
import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.gsp.GspEvents;
import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.mmu.Mmu;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The host engine: one {@link Runlist} for each set of engines that share one, run by a worker of its own. Channels are
 * made and ended by RM; doorbells come from the driver.
 */
public final class Host implements ChannelControl, Stateful, AutoCloseable {
    /** Translations that a channel keeps. */
    private static final int CHANNEL_ENTRIES = 128;

    private static final int TOKEN_CHANNEL_BITS = 16;

    // HW: open-gpu-kernel-modules published/turing/tu102/dev_ctrl.h NV_CTRL_VF_DOORBELL_VECTOR, _RUNLIST_ID
    private static final int TOKEN_CHANNEL_MASK = 0xfff;
    private static final int TOKEN_RUNLIST_MASK = 0x7f;

    private final Mmu mmu;
    private final List<EngineInfo> engines;
    private final @Nullable Runlist[] byId = new Runlist[TOKEN_RUNLIST_MASK + 1];
    private final List<Runlist> runlists;
    private final AtomicLong unknownDoorbells = new AtomicLong();

    /** Channels by handle. Guarded by this. */
    private final Map<Long, Channel> byHandle = new HashMap<>();

    /** Guarded by this. */
    private long nextHandle = 1;

    /** Guarded by this. */
    private boolean allEnabled = true;

    /**
     * Makes it, with its workers idle.
     *
     * @param hal the chip's engines and classes
     * @param mmu translates addresses, and knows the memory
     * @param interrupts takes the engines' interrupts
     * @param events takes channels' errors
     * @param timeNs the board's timer, for timestamps
     * @param source gives each runlist its worker
     */
    public Host(
            ChipHal hal,
            Mmu mmu,
            InterruptLine interrupts,
            GspEvents events,
            LongSupplier timeNs,
            EngineSource source) {
        this.mmu = mmu;
        this.engines = hal.engines();
        Runlist.Parts parts = new Runlist.Parts(hal.classes(), mmu, new Semaphores(timeNs), interrupts, events);
        Map<Integer, List<EngineInfo>> sets =
                engines.stream().collect(Collectors.groupingBy(EngineInfo::runlist, TreeMap::new, Collectors.toList()));
        sets.forEach((id, set) -> byId[id] = new Runlist(id, set, parts, source, this::wakeBlocked));
        List<Runlist> all = new ArrayList<>();
        for (Runlist runlist : byId) {
            if (runlist != null) {
                all.add(runlist);
            }
        }
        this.runlists = List.copyOf(all);
    }

    /**
     * Tells that a channel has work. Only takes note of it; never blocks. Socket's thread.
     *
     * @param token {@code runlist << 16 | channel id}; one that means no channel is counted
     */
    public void doorbell(int token) {
        Runlist runlist = byId[token >>> TOKEN_CHANNEL_BITS & TOKEN_RUNLIST_MASK];
        Channel channel = runlist == null ? null : runlist.channel(token & TOKEN_CHANNEL_MASK);
        if (runlist == null || channel == null) {
            unknownDoorbells.incrementAndGet();
            return;
        }
        channel.rung = true;
        runlist.worker().ring();
    }

    /** The workers, one for each runlist. */
    public List<EngineWorker> workers() {
        return runlists.stream().map(Runlist::worker).toList();
    }

    /** What was done so far. Any thread. */
    public HostStatistics statistics() {
        HostStatistics sum = new HostStatistics(0, 0, 0, 0, 0, 0, unknownDoorbells.get(), 0);
        for (Runlist runlist : runlists) {
            sum = sum.plus(runlist.statistics());
        }
        return sum;
    }

    /**
     * Has the newest channel that lives fault, as one does that reads at an address without a page. Any thread but
     * engines'.
     *
     * @param address virtual address that the driver is told
     * @return whether there was a channel
     */
    public synchronized boolean injectPageFault(long address) {
        Channel newest = null;
        for (Channel channel : byHandle.values()) {
            if (!channel.dead && (newest == null || channel.handle > newest.handle)) {
                newest = channel;
            }
        }
        if (newest == null) {
            return false;
        }
        Channel victim = newest;
        Runlist runlist = runlist(victim.engine);
        held(runlist, () -> runlist.injectPageFault(victim, address));
        return true;
    }

    @Override
    public synchronized long allocate(Request request) {
        EngineInfo engine = engine(request.rmEngineType());
        Runlist runlist = engine == null ? null : byId[engine.runlist()];
        int id = request.channelId();
        // GUEST: all of the request is the driver's.
        if (engine == null
                || runlist == null
                || id < 0
                || id >= Runlist.CHANNELS
                || runlist.channel(id) != null
                || (request.userd().address() & 3) != 0) {
            return -1;
        }
        Channel channel = new Channel(nextHandle++, request, engine, mmu.space(CHANNEL_ENTRIES));
        runlist.bindDefaults(channel.push.classes);
        held(runlist, () -> runlist.add(channel));
        byHandle.put(channel.handle, channel);
        return channel.handle;
    }

    @Override
    public synchronized boolean bind(long handle, int rmEngineType) {
        Channel channel = byHandle.get(handle);
        EngineInfo engine = engine(rmEngineType);
        if (channel == null || engine == null) {
            return false;
        }
        Runlist from = runlist(channel.engine);
        Runlist to = runlist(engine);
        if (from == to) {
            held(from, () -> channel.engine = engine);
            return true;
        }
        if (to.channel(channel.id) != null) {
            return false;
        }
        held(from, () -> from.remove(channel));
        held(to, () -> {
            channel.engine = engine;
            to.bindDefaults(channel.push.classes);
            to.add(channel);
        });
        to.worker().ring();
        return true;
    }

    @Override
    public synchronized void schedule(long handle, boolean enabled) {
        Channel channel = byHandle.get(handle);
        if (channel != null) {
            Runlist runlist = runlist(channel.engine);
            held(runlist, () -> channel.enabled = enabled);
            runlist.worker().ring();
        }
    }

    @Override
    public synchronized void free(long handle) {
        Channel channel = byHandle.remove(handle);
        if (channel != null) {
            Runlist runlist = runlist(channel.engine);
            held(runlist, () -> runlist.remove(channel));
        }
    }

    @Override
    public synchronized int workSubmitToken(long handle) {
        Channel channel = byHandle.get(handle);
        return channel == null ? 0 : channel.engine.runlist() << TOKEN_CHANNEL_BITS | channel.id;
    }

    @Override
    public synchronized void enableAll(boolean enabled) {
        allEnabled = enabled;
        for (Runlist runlist : runlists) {
            held(runlist, () -> runlist.enable(enabled));
            runlist.worker().ring();
        }
    }

    /**
     * Says anew where a channel's page directory comes from: after {@link #restore}, until which it is the one that was
     * saved. GSP's engine thread.
     */
    @Override
    public synchronized void pageDirectory(long handle, LongSupplier pageDirectory) {
        Channel channel = byHandle.get(handle);
        if (channel != null) {
            held(runlist(channel.engine), () -> channel.pageDirectory = pageDirectory);
        }
    }

    @Override
    public String stateName() {
        return "host";
    }

    @Override
    public synchronized void save(StateWriter out) {
        out.put("next-handle", nextHandle);
        out.put("all-enabled", allEnabled);
        List<Channel> channels = runlists.stream()
                .flatMap(runlist -> runlist.channels().stream())
                .toList();
        out.put("channels", channels.size());
        for (int i = 0; i < channels.size(); i++) {
            StateWriter group = new StateWriter();
            channels.get(i).save(group);
            out.put("channel-" + i, group);
        }
    }

    @Override
    public synchronized void restore(StateReader in) {
        reset();
        try {
            nextHandle = Math.max(nextHandle, in.longValue("next-handle"));
            long count = in.longValue("channels");
            for (int i = 0; i < count; i++) {
                restoreChannel(in.group("channel-" + i));
            }
            enableAll(in.booleanValue("all-enabled"));
        } catch (StateException e) {
            reset();
            throw e;
        }
    }

    private void restoreChannel(StateReader in) {
        Request request = Channel.savedRequest(in);
        long handle = in.longValue("handle");
        EngineInfo engine = engine(request.rmEngineType());
        boolean possible = engine != null
                && request.channelId() >= 0
                && request.channelId() < Runlist.CHANNELS
                && runlist(engine).channel(request.channelId()) == null
                && (request.userd().address() & 3) == 0
                && handle > 0
                && handle < nextHandle
                && !byHandle.containsKey(handle);
        if (engine == null || !possible) {
            throw new StateException("Impossible channel: handle=" + handle + " id=" + request.channelId() + " engine="
                    + request.rmEngineType());
        }
        Channel channel = new Channel(handle, request, engine, mmu.space(CHANNEL_ENTRIES));
        channel.restore(in);
        Runlist runlist = runlist(engine);
        held(runlist, () -> runlist.add(channel));
        byHandle.put(handle, channel);
    }

    @Override
    public synchronized void reset() {
        for (Channel channel : List.copyOf(byHandle.values())) {
            free(channel.handle);
        }
        enableAll(true);
    }

    /** Ends the workers. Idempotent. */
    @Override
    public void close() {
        runlists.forEach(Runlist::close);
    }

    private void wakeBlocked() {
        for (Runlist runlist : runlists) {
            runlist.wakeBlocked();
        }
    }

    private @Nullable EngineInfo engine(int rmEngineType) {
        for (EngineInfo engine : engines) {
            if (engine.rmEngineType() == rmEngineType) {
                return engine;
            }
        }
        return null;
    }

    private Runlist runlist(EngineInfo engine) {
        Runlist runlist = byId[engine.runlist()];
        if (runlist == null) {
            throw new IllegalStateException("Engine has no runlist: " + engine.name());
        }
        return runlist;
    }

    /** Does something while a runlist stands between two passes. */
    private static void held(Runlist runlist, Runnable action) {
        runlist.worker().hold();
        try {
            action.run();
        } finally {
            runlist.worker().resume();
        }
    }
}
