package dev.nacre.vfiouser;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server has seen since it was made, of all its clients together. Numbers of a moment, which may be a message apart.
 *
 * @param messages messages by command, in the specification's spelling and lower case, {@code unknown} for others; those
 *     that never came are left out
 * @param rejected messages among them that were wrong
 * @param connections clients that agreed on a version
 * @param times how long messages took, their answers included; empty unless the server was told to take the time
 */
public record ServerStatistics(Map<String, Long> messages, long rejected, long connections, Optional<Times> times) {
    /** Takes the values. */
    public ServerStatistics {
        messages = Map.copyOf(messages);
    }

    /**
     * How long messages took.
     *
     * @param counts how many lay in each range: the first ends at {@link #FIRST_END_NS}, each other at twice the end of the one
     *     before; the last has no end
     * @param sumNs of all, in nanoseconds
     */
    public record Times(List<Long> counts, long sumNs) {
        /** Where the first range ends, in nanoseconds. */
        public static final long FIRST_END_NS = 1 << 10;

        /** Ranges. */
        public static final int RANGES = 16;

        /** Takes the values. */
        public Times {
            counts = List.copyOf(counts);
        }

        /** The range of a time. */
        static int range(long ns) {
            return Math.clamp(Long.SIZE - Long.numberOfLeadingZeros((ns - 1) / FIRST_END_NS), 0, RANGES - 1);
        }
    }
}
