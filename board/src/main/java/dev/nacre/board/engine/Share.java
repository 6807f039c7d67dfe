package dev.nacre.board.engine;

/** One owner's part in an engine's time: the books of {@link TimeSharing}, guarded as that is. */
class Share {
    /** The host; all others are guests. */
    static final int HOST = 0;

    final int owner;
    final int maxInstances;

    /** Whether it has work that could run now. Set before each choice. */
    boolean ready;

    /** Whether it was ready at the last choice. */
    boolean wasReady;

    /** Part of the engine's time, above 0, 1 at most. */
    double part = 1;

    /** Time that it may still use. */
    double creditNs;

    /** It has used its credit up, and waits until it has enough for a slice. */
    boolean exhausted;

    /** Time that it has used, or been content not to use. */
    long usedNs;

    /** Number of its last turn. */
    long lastTurn;

    Share(int owner, int maxInstances) {
        this.owner = owner;
        this.maxInstances = maxInstances;
    }

    final boolean isHost() {
        return owner == HOST;
    }
}
