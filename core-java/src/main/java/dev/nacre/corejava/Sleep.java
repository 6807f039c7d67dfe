package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.Gate.State;
import dev.nacre.corejava.channel.HostChannel;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.RangeAllocator.Range;
import dev.nacre.corejava.memory.SavedMemory;
import dev.nacre.corejava.memory.VideoMemory;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts a core's GPU to sleep when its host sleeps, and wakes it. */
final class Sleep {
    // TIMEOUT: what Core promises: to come to rest for a sleep.
    private static final long REST_NS = 1_000_000_000L;

    private final Gate gate;
    private final GpuParts parts;
    private final EventThread events;
    private final Runnable requirement;
    private final WatchedGpu live;

    /** Guarded by the gate: what the GPU's memory held when the host went to sleep. */
    private @Nullable SavedMemory saved;

    /**
     * Of a core.
     *
     * @param requirement throws a {@link CoreException} with BUSY if somebody has what must not sleep
     */
    Sleep(Gate gate, GpuParts parts, EventThread events, Runnable requirement) {
        this.gate = gate;
        this.parts = parts;
        this.events = events;
        this.requirement = requirement;
        this.live = parts.live();
    }

    /** Does what {@link dev.nacre.core.Core#suspend} says. */
    void begin() {
        gate.check();
        requirement.run();
        if (!events.await(events.post(new CoreEvent.Suspend()), EventThread.LISTENER_NS)) {
            events.post(new CoreEvent.Resume());
            throw new CoreException(CoreError.BUSY, "A client does not get ready for a sleep");
        }
        gate.run(this::suspend);
    }

    private void suspend() {
        gate.check();
        if (gate.state() != State.RUNNING) {
            throw new CoreException(CoreError.GONE, "The core is being closed");
        }
        try {
            requirement.run();
        } catch (CoreException e) {
            events.post(new CoreEvent.Resume());
            throw e;
        }
        gate.state(State.SUSPENDED);
        HostChannel busy = restless();
        if (busy != null) {
            gate.state(State.RUNNING);
            events.post(new CoreEvent.Resume());
            throw new CoreException(CoreError.BUSY, "A channel does not come to rest: channel=" + busy.id());
        }
        saved = save();
        orLost(live.gpu()::suspend);
    }

    /** Saves the memory that somebody has, which may lose its power; the firmware saves its own. */
    private SavedMemory save() {
        BootedGpu gpu = live.gpu();
        List<Range> used = parts.memory().used();
        // The first page of BAR 1's tables is the firmware's, what the core has put into it is not.
        used.add(new Range(gpu.description().bar1PageDirectory(), VideoMemory.PAGE_BYTES));
        try {
            return SavedMemory.of(gpu.vram(), used);
        } catch (CoreException e) {
            gate.state(State.RUNNING);
            events.post(new CoreEvent.Resume());
            throw e;
        }
    }

    /** Waits for all channels. @return one that has something to do after a second, or null */
    private @Nullable HostChannel restless() {
        long end = System.nanoTime() + REST_NS;
        for (HostChannel channel : parts.channels().all()) {
            if (!channel.rest(Math.max(0, end - System.nanoTime()))) {
                return channel;
            }
        }
        return null;
    }

    /** Does what {@link dev.nacre.core.Core#resume} says. */
    void end() {
        gate.run(() -> {
            if (gate.state() == State.SUSPENDED && !live.isLost()) {
                orLost(this::wake);
                gate.state(State.RUNNING);
                events.post(new CoreEvent.Resume());
            } else {
                gate.check();
            }
        });
    }

    private void wake() {
        live.gpu().resume();
        try (SavedMemory memory = Objects.requireNonNull(saved)) {
            memory.restore(live.gpu().vram());
        }
        saved = null;
    }

    /** Does what leaves the GPU useless if it fails. */
    private void orLost(Runnable action) {
        try {
            action.run();
        } catch (CoreException e) {
            live.lost();
            throw e;
        }
    }

    /** Forgets what was saved: there will be no waking. With the gate's lock. */
    void forget() {
        if (saved != null) {
            saved.close();
        }
    }
}
