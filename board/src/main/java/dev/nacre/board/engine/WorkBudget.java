package dev.nacre.board.engine;

/**
 * How much an engine may still do before it lets others run. Work is counted in bytes copied, or what takes as long, so
 * that passes are short and tests see the same on every machine. One thread.
 */
public final class WorkBudget {
    private long granted;
    private long left;

    /** Makes one that is spent. */
    public WorkBudget() {}

    /** Grants an amount of work; what was left before is forgotten. */
    public void grant(long work) {
        granted = work;
        left = work;
    }

    /** Takes work off. */
    public void spend(long work) {
        left -= work;
    }

    /** Whether nothing is left. */
    public boolean isSpent() {
        return left <= 0;
    }

    /** What is left; negative if the last piece of work was more than was left. */
    public long left() {
        return left;
    }

    /** Work done since it was granted. */
    public long spent() {
        return granted - left;
    }
}
