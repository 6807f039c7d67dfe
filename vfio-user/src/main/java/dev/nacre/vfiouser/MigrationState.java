package dev.nacre.vfiouser;

import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * The migration states of a device by their names in Linux, and the ways between them. A few arcs lead from one state to
 * the next; any other change takes the shortest way along them that does not pass through a state in which a stream is
 * read.
 */
public enum MigrationState {
    // HW: enum vfio_device_mig_state of Linux include/uapi/linux/vfio.h
    /** A change of state has failed half-way; only a reset leads out. */
    ERROR(0),
    /** The device does nothing of its own. */
    STOP(1),
    /** The device works; where it begins. */
    RUNNING(2),
    /** Stopped, and its state is read. */
    STOP_COPY(3),
    /** Stopped, and a state is written. */
    RESUMING(4),
    /** Not used over a socket: running, but reaching no other device. */
    RUNNING_P2P(5),
    /** The device works, and its state is read already. */
    PRE_COPY(6),
    /** Not used over a socket: {@link #PRE_COPY}, but reaching no other device. */
    PRE_COPY_P2P(7);

    private final int number;

    MigrationState(int number) {
        this.number = number;
    }

    /** The number on the wire. */
    public int number() {
        return number;
    }

    /**
     * Finds a state by its number.
     *
     * @param number any number
     * @return the state; empty if there is none
     */
    public static Optional<MigrationState> of(int number) {
        return number >= 0 && number < values().length ? Optional.of(values()[number]) : Optional.empty();
    }

    /**
     * The way from one state to another.
     *
     * @param preCopy whether the device has {@link #PRE_COPY}
     * @return the states to go through, the goal included and the origin not, so none if they are the same; empty if
     *     there is no way
     */
    static Optional<List<MigrationState>> way(MigrationState from, MigrationState to, boolean preCopy) {
        if (hasNoArcs(from) || hasNoArcs(to) || (from == STOP_COPY && to == PRE_COPY)) {
            return Optional.empty();
        }
        Map<MigrationState, List<MigrationState>> ways = new EnumMap<>(MigrationState.class);
        ways.put(from, List.of());
        Queue<MigrationState> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty() && !ways.containsKey(to)) {
            MigrationState state = next.remove();
            List<MigrationState> way = ways.getOrDefault(state, List.of());
            if (state != from && (state == PRE_COPY || state == STOP_COPY)) {
                continue;
            }
            for (MigrationState after : state.arcs(preCopy)) {
                if (!ways.containsKey(after)) {
                    ways.put(
                            after, Stream.concat(way.stream(), Stream.of(after)).toList());
                    next.add(after);
                }
            }
        }
        return Optional.ofNullable(ways.get(to));
    }

    // HW: the vfio-user specification, "Device migration states", and Linux include/uapi/linux/vfio.h
    private List<MigrationState> arcs(boolean preCopy) {
        return switch (this) {
            case STOP -> List.of(RUNNING, STOP_COPY, RESUMING);
            case RUNNING -> preCopy ? List.of(STOP, PRE_COPY) : List.of(STOP);
            case STOP_COPY, RESUMING -> List.of(STOP);
            case PRE_COPY -> preCopy ? List.of(RUNNING, STOP_COPY) : List.of();
            case ERROR, RUNNING_P2P, PRE_COPY_P2P -> List.of();
        };
    }

    private static boolean hasNoArcs(MigrationState state) {
        return state == ERROR || state == RUNNING_P2P || state == PRE_COPY_P2P;
    }
}
