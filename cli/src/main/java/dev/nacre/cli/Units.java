package dev.nacre.cli;

import java.util.Locale;

/** Figures as tables show them. */
final class Units {
    private static final long MIB = 1 << 20;

    private Units() {}

    /** Bytes in whole MiB. */
    static String mebibytes(long bytes) {
        return bytes / MIB + " MiB";
    }

    /** So many things, as in {@code 1 file} and {@code 2 files}. */
    static String count(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** A share with one digit behind the point. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", share);
    }

    /** A share as a whole number with its sign. */
    static String wholePercent(double share) {
        return Math.round(share) + "%";
    }
}
