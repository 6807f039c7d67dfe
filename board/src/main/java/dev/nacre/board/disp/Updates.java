package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.Surfaces.Place;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.hw.disp.Nvc67b;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the channels' updates: interlocked ones together, when all have come; a window's when its semaphore has come,
 * and, if it asks for that, when its head's next frame ends. Then tells who waits. Guarded by the display's lock.
 */
final class Updates {
    // A semaphore is a word that anybody may write, so it is looked at again and again.
    private static final long SEMAPHORE_POLL_NS = 500_000;
    private static final int NOTIFIER_ENABLE = 1 << 12;
    // HW: nouveau nvhw/class/clc37d.h: NV_DISP_NOTIFIER__0_STATUS (31:30)
    private static final int STATUS_FINISHED = 2 << 30;
    private static final int STATUS_BEGUN = 1 << 30;
    // HW: clc37e.h: UPDATE_INTERLOCK_WITH_WIN_IMM; clc37b.h: UPDATE_INTERLOCK_WITH_WINDOW
    private static final int WITH_WINDOW_IMMEDIATE = 1 << 12;
    private static final int WITH_WINDOW = 1 << 1;
    private static final int WITH_CORE = 1;
    private static final int BEGIN_MODE_IMMEDIATE = 1;

    private final DisplayMemory memory;
    private final Surfaces surfaces;
    private final ChannelSet channels;
    private final List<Head> heads;
    private long wakeNs;
    private PictureLimit limit = PictureLimit.NONE;

    Updates(DisplayMemory memory, Surfaces surfaces, ChannelSet channels, List<Head> heads) {
        this.memory = memory;
        this.surfaces = surfaces;
        this.channels = channels;
        this.heads = heads;
    }

    /** Says how large pictures may be from the next update on. */
    void limit(PictureLimit next) {
        limit = next;
    }

    PictureLimit limit() {
        return limit;
    }

    /**
     * Takes every update that can be taken now.
     *
     * @return how many
     */
    int take(long nowNs) {
        int taken = 0;
        wakeNs = EngineThread.Pass.IDLE;
        for (ChannelState channel : channels.all()) {
            if (!channel.isUpdating()) {
                continue;
            }
            Set<ChannelState> group = interlocked(channel);
            if (group.contains(channels.core()) && !limit.takes(channels.core(), heads.size())) {
                refuse(channels.core());
            } else if (!group.isEmpty() && schedule(group, nowNs) && dueNs(group) <= nowNs) {
                take(group, nowNs);
                taken += group.size();
            }
        }
        return taken;
    }

    /** When to look again, after {@link #take}; {@link EngineThread.Pass#IDLE} if only after a channel's next step. */
    long wakeNs() {
        return wakeNs;
    }

    /** The head that shows a window. */
    Optional<Head> headOf(ChannelState window) {
        int owner = channels.core().armed(Nvc67d.WINDOW_SET_CONTROL + Nvc67d.WINDOW_STRIDE * window.instance()) & 0xf;
        return owner < heads.size() ? Optional.of(heads.get(owner)) : Optional.empty();
    }

    // Interlocks.

    /** All channels whose updates are taken with a channel's; empty if one of them has not come yet. */
    private Set<ChannelState> interlocked(ChannelState first) {
        Set<ChannelState> group = new LinkedHashSet<>(Set.of(first));
        for (boolean grown = true; grown; ) {
            Set<ChannelState> more = new LinkedHashSet<>(group);
            group.forEach(member -> addPartners(member, more));
            grown = more.size() > group.size();
            group = more;
        }
        return group.stream().allMatch(ChannelState::isUpdating) ? group : Set.of();
    }

    /** Adds the channels that one names. Cursors are always ready; channels that do not exist are not waited for. */
    private void addPartners(ChannelState channel, Set<ChannelState> to) {
        switch (channel.kind()) {
            case CORE -> addWindows(channel.assembly(Nvc67d.SET_WINDOW_INTERLOCK_FLAGS), to);
            case WINDOW -> {
                addWindows(channel.assembly(Nvc67e.SET_WINDOW_INTERLOCK_FLAGS), to);
                if ((channel.assembly(Nvc67e.SET_INTERLOCK_FLAGS) & WITH_CORE) != 0) {
                    add(channels.core(), to);
                }
                if ((channel.assembly(Nvc67e.UPDATE) & WITH_WINDOW_IMMEDIATE) != 0) {
                    add(channels.windowImmediate(channel.instance()), to);
                }
            }
            case WINDOW_IMMEDIATE -> {
                if ((channel.assembly(Nvc67b.UPDATE) & WITH_WINDOW) != 0) {
                    add(channels.windows().get(channel.instance()), to);
                }
            }
            case CURSOR -> {
                // Has no push buffer and no interlocks.
            }
        }
    }

    private void addWindows(int mask, Set<ChannelState> to) {
        for (ChannelState window : channels.windows()) {
            if ((mask >>> window.instance() & 1) != 0) {
                add(window, to);
            }
        }
    }

    private static void add(ChannelState channel, Set<ChannelState> to) {
        if (channel.isAllocated()) {
            to.add(channel);
        }
    }

    // Time.

    /** Finds out when a group is taken; false if a semaphore is still awaited. */
    private boolean schedule(Set<ChannelState> group, long nowNs) {
        for (ChannelState channel : group) {
            if (!channel.isScheduled() && !isAcquired(channel)) {
                wakeNs = Math.min(wakeNs, nowNs + SEMAPHORE_POLL_NS);
                return false;
            }
        }
        for (ChannelState channel : group) {
            if (!channel.isScheduled()) {
                channel.schedule(channel.kind() == ChannelKind.WINDOW ? presentNs(channel, nowNs) : nowNs);
            }
        }
        return true;
    }

    private long dueNs(Set<ChannelState> group) {
        long due = Long.MIN_VALUE;
        for (ChannelState channel : group) {
            due = Math.max(due, channel.dueNs());
        }
        wakeNs = Math.min(wakeNs, due);
        return due;
    }

    private long presentNs(ChannelState window, long nowNs) {
        int control = window.assembly(Nvc67e.SET_PRESENT_CONTROL);
        int interval = control & 0xf;
        Optional<Head> head = headOf(window);
        if (interval == 0
                || (control >> 4 & 7) == BEGIN_MODE_IMMEDIATE
                || head.isEmpty()
                || !head.get().raster().running()) {
            return nowNs;
        }
        Raster raster = head.get().raster();
        long earliest = window.lastFlipNs() == Long.MIN_VALUE
                ? nowNs
                : Math.max(nowNs, window.lastFlipNs() + (interval - 1) * raster.periodNs());
        return raster.blankAfter(earliest);
    }

    private boolean isAcquired(ChannelState channel) {
        Optional<Place> semaphore = semaphoreOf(channel);
        if (semaphore.isEmpty()) {
            return true;
        }
        Optional<Integer> value =
                memory.read(semaphore.get().memory(), semaphore.get().offset());
        // One that cannot be read would be waited for for ever.
        return value.isEmpty() || value.get() == channel.assembly(Nvc67e.SET_SEMAPHORE_ACQUIRE);
    }

    // Taking.

    // HW: a state that the heads cannot scan is an error of the core's channel: it stands, and no notifier is written.
    private static void refuse(ChannelState core) {
        core.endUpdate();
        core.halt();
    }

    private void take(Set<ChannelState> group, long nowNs) {
        for (ChannelState channel : group) {
            channel.arm();
            channel.endUpdate();
            if (channel.kind() == ChannelKind.WINDOW) {
                channel.lastFlipNs(nowNs);
            }
        }
        if (group.contains(channels.core())) {
            heads.forEach(head -> head.follow(channels.core(), nowNs));
        }
        // ORDERING: who sees a notifier or semaphore finds the new state armed.
        for (ChannelState channel : group) {
            switch (channel.kind()) {
                case CORE -> coreNotifier(channel);
                case WINDOW -> {
                    release(channel);
                    windowNotifier(channel);
                }
                case WINDOW_IMMEDIATE, CURSOR -> {
                    // Nobody is told of a position.
                }
            }
        }
    }

    private void coreNotifier(ChannelState core) {
        if ((core.armed(Nvc67d.SET_NOTIFIER_CONTROL) & NOTIFIER_ENABLE) != 0) {
            surfaces.coreNotifier(core).ifPresent(place -> write(place, STATUS_FINISHED));
        }
    }

    private void windowNotifier(ChannelState window) {
        surfaces.windowNotifier(window).ifPresent(place -> write(place, STATUS_BEGUN));
    }

    private void release(ChannelState window) {
        semaphoreOf(window).ifPresent(place -> write(place, window.armed(Nvc67e.SET_SEMAPHORE_RELEASE)));
    }

    private void write(Place place, int value) {
        memory.write(place.memory(), place.offset(), value);
    }

    private Optional<Place> semaphoreOf(ChannelState channel) {
        return channel.kind() == ChannelKind.WINDOW ? surfaces.semaphore(channel) : Optional.empty();
    }
}
