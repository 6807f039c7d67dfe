package dev.nacre.testsupport.replay;

/** A function did something else than when it was recorded. */
public final class ReplayDifference extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long access;

    /**
     * Says what.
     *
     * @param access number of the access, from 0
     * @param what the difference
     * @param context the accesses before it, a line each
     */
    public ReplayDifference(long access, String what, String context) {
        super("Access " + access + ": " + what + "\nBefore it:\n" + context);
        this.access = access;
    }

    /** Number of the access, from 0. */
    public long access() {
        return access;
    }
}
