package dev.nacre.daemon.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and durations as people write them. */
final class Quantities {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(MiB|GiB|TiB)");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(us|ms|s|min|h)");

    private Quantities() {}

    /** Bytes of {@code 48GiB}; empty if it is no size. */
    static Optional<Long> size(String text) {
        Matcher parts = SIZE.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        int shift = switch (parts.group(2)) {
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 40;
        };
        // Nine digits and 40 bits can be more than a long holds; no board is that large.
        long number = Long.parseLong(parts.group(1));
        return number <= Long.MAX_VALUE >>> shift ? Optional.of(number << shift) : Optional.empty();
    }

    /** A size as people write it, in the largest unit that is exact. */
    static String format(long bytes) {
        return bytes % (1L << 30) == 0 ? (bytes >>> 30) + "GiB" : (bytes >>> 20) + "MiB";
    }

    /** What {@code 2ms} means; empty if it is no duration. */
    static Optional<Duration> duration(String text) {
        Matcher parts = DURATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(parts.group(1));
        return Optional.of(
                switch (parts.group(2)) {
                    case "us" -> Duration.ofNanos(1000 * number);
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "min" -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                });
    }
}
