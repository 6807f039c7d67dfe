package dev.nacre.bench;

/**
 * What a measurement should reach.
 *
 * @param of what is compared with the limit
 * @param atLeast whether more is better
 * @param limit the least or the most
 */
record Goal(Of of, boolean atLeast, double limit) {
    /** What a goal is about. */
    enum Of {
        /** The value itself, in its unit. */
        VALUE,
        /** Its ratio to the baseline. */
        RATIO
    }

    static Goal valueAtLeast(double limit) {
        return new Goal(Of.VALUE, true, limit);
    }

    static Goal valueAtMost(double limit) {
        return new Goal(Of.VALUE, false, limit);
    }

    static Goal ratioAtLeast(double limit) {
        return new Goal(Of.RATIO, true, limit);
    }

    static Goal ratioAtMost(double limit) {
        return new Goal(Of.RATIO, false, limit);
    }

    /** Whether a value and its ratio to the baseline reach it. */
    boolean isMet(double value, double ratio) {
        double measured = of == Of.VALUE ? value : ratio;
        return atLeast ? measured >= limit : measured <= limit;
    }
}
