package dev.nacre.board.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose work an engine does next, by the time that each has used. Work runs in passes; passes of one owner make a
 * turn, which lasts a slice or until nothing is left to do.
 *
 * <ul>
 *   <li>The host comes first, but has no two turns in a row while a guest may run.
 *   <li>Best effort: of the guests with work the one that has used least time. Who had no work does not save time up.
 *   <li>Shares: each guest earns credit at the rate of its part, and runs while it has any. Once it has none it waits until
 *       it has enough for a slice. Credit beyond that is kept for one slice more and then lost, unless it waits for others,
 *       so in any time a guest gets at most its part and two slices. Of those that may run, the one whose credit is full
 *       soonest.
 * </ul>
 *
 * One thread at a time; times are those of one clock.
 *
 * @param <S> what the owner of the object knows of a share
 */
final class TimeSharing<S extends Share> {
    /** What {@link #waitNs} says if time changes nothing. */
    static final long IDLE = EngineThread.Pass.IDLE;

    /**
     * Most slices that a pass is charged. A pass is about a slice at most; one that seems much longer stood still with the
     * whole machine, and its owner should not wait for seconds because of that.
     */
    private static final int MOST_CHARGED_SLICES = 10;

    /** Parts of a slice of which less than one is not worth a pass. */
    private static final int GRAINS = 16;

    private final List<S> shares = new ArrayList<>();
    private SharingPolicy policy;
    private long sliceNs;
    private long accruedNs;
    private @Nullable S current;
    private long turnLeftNs;
    private long turns;
    private boolean hostWasLast;

    /** Time used by the guest that had used least when it was last chosen. */
    private long floorNs;

    TimeSharing(SharingPolicy policy, long sliceNs, long nowNs) {
        this.policy = policy;
        this.sliceNs = sliceNs;
        this.accruedNs = nowNs;
    }

    /** Those that share. */
    List<S> shares() {
        return shares;
    }

    /** Takes in a new one, which may run at once. */
    void add(S share, long nowNs) {
        accrue(nowNs);
        shares.add(share);
        share.usedNs = floorNs;
        divide();
        share.creditNs = levelNs(share);
    }

    void remove(S share, long nowNs) {
        accrue(nowNs);
        shares.remove(share);
        if (share.equals(current)) {
            current = null;
        }
        divide();
    }

    /** Changes the rule; all begin anew. */
    void rule(SharingPolicy newPolicy, long newSliceNs, long nowNs) {
        accrue(nowNs);
        policy = newPolicy;
        sliceNs = newSliceNs;
        current = null;
        divide();
        for (S share : shares) {
            share.creditNs = levelNs(share);
            share.exhausted = false;
            share.usedNs = floorNs;
        }
    }

    /** Who makes the next pass, of those that are ready; null if none may now. */
    @Nullable
    S next(long nowNs) {
        accrue(nowNs);
        for (S share : shares) {
            if (share.ready && !share.wasReady) {
                share.usedNs = Math.max(share.usedNs, floorNs);
            }
            share.wasReady = share.ready;
        }
        S running = current;
        if (running == null || !running.ready || turnLeftNs <= grainNs() || !mayRun(running)) {
            running = choose();
            begin(running);
        }
        return running;
    }

    /** How long the pass of the one that was chosen should last at most. */
    long passNs() {
        S running = current;
        if (running == null || !isLimited(running)) {
            return turnLeftNs;
        }
        return Math.min(turnLeftNs, (long) (running.creditNs / (1 - running.part)));
    }

    /** Nanoseconds until one that is ready but must wait may run; {@link #IDLE} if there is none. */
    long waitNs() {
        long least = IDLE;
        for (S share : shares) {
            if (share.ready && !mayRun(share)) {
                least = Math.min(least, 1 + (long) ((levelNs(share) - share.creditNs) / share.part));
            }
        }
        return least;
    }

    /** Charges a pass to the one that was chosen. */
    void charge(S share, long startNs, long endNs) {
        long ranNs = Math.clamp(endNs - startNs, 0, MOST_CHARGED_SLICES * sliceNs);
        share.usedNs += ranNs;
        share.creditNs -= ranNs;
        accrue(endNs);
        share.exhausted |= isLimited(share) && share.creditNs <= grainNs();
        if (share.equals(current)) {
            turnLeftNs -= ranNs;
        }
    }

    private void accrue(long nowNs) {
        long elapsedNs = Math.max(0, nowNs - accruedNs);
        accruedNs += elapsedNs;
        for (S share : shares) {
            // What was not wanted is lost; what others' long passes have held up is not.
            long keptNs = share.wasReady ? MOST_CHARGED_SLICES * sliceNs : sliceNs;
            share.creditNs = Math.min(levelNs(share) + keptNs, share.creditNs + elapsedNs * share.part);
            share.exhausted &= share.creditNs < levelNs(share);
        }
    }

    private void divide() {
        long guests = shares.stream().filter(share -> !share.isHost()).count();
        for (S share : shares) {
            if (!share.isHost()) {
                share.part = switch (policy) {
                    case BEST_EFFORT -> 1;
                    case EQUAL_SHARE -> 1.0 / guests;
                    case FIXED_SHARE -> 1.0 / share.maxInstances;
                };
            }
        }
    }

    /** Credit with which a guest can run for a slice, during which it earns more. */
    private double levelNs(S share) {
        return sliceNs * (1 - share.part);
    }

    private long grainNs() {
        return sliceNs / GRAINS;
    }

    private boolean isLimited(S share) {
        return share.part < 1;
    }

    private boolean mayRun(S share) {
        return !share.exhausted;
    }

    private @Nullable S choose() {
        S host = null;
        S guest = null;
        for (S share : shares) {
            if (share.ready && share.isHost()) {
                host = host == null || share.lastTurn < host.lastTurn ? share : host;
            } else if (share.ready && mayRun(share) && (guest == null || isBefore(share, guest))) {
                guest = share;
            }
        }
        return host != null && (guest == null || !hostWasLast) ? host : guest;
    }

    private boolean isBefore(S one, S other) {
        int order = policy == SharingPolicy.BEST_EFFORT
                ? Long.compare(one.usedNs, other.usedNs)
                : Double.compare(untilFullNs(one), untilFullNs(other));
        return order != 0 ? order < 0 : one.lastTurn < other.lastTurn;
    }

    private double untilFullNs(S share) {
        return (levelNs(share) + sliceNs - share.creditNs) / share.part;
    }

    private void begin(@Nullable S share) {
        current = share;
        turnLeftNs = sliceNs;
        if (share != null) {
            share.lastTurn = ++turns;
            hostWasLast = share.isHost();
            if (!share.isHost()) {
                floorNs = Math.max(floorNs, share.usedNs);
            }
        }
    }
}
