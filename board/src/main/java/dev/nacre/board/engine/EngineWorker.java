package dev.nacre.board.engine;

/**
 * What drives one engine's work: rings make for passes, on a thread that may be its own or be shared with others. Any
 * thread, unless a method says otherwise.
 */
public interface EngineWorker extends AutoCloseable {
    /** There may be something to do. Never blocks and allocates nothing. */
    void ring();

    /**
     * Stops the engine between two passes until {@link #resume}; returns when it stands. Holds nest. Not from within a
     * pass.
     */
    void hold();

    /** Ends one {@link #hold}. */
    void resume();

    /**
     * Waits until the engine has nothing left to do but wait for time or a ring.
     *
     * @param timeoutNs the longest wait
     * @return whether it got there
     */
    boolean drain(long timeoutNs);

    /** Passes that ended by an exception: defects of the model, of which the first is logged. */
    long defects();

    /** Ends the work after the running pass. Idempotent. Not from within a pass. */
    @Override
    void close();
}
