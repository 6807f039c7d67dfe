package dev.nacre.testsupport.driver;

/** Hears how the driver gets on. Called on the driver's thread. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = (step, ok, detail) -> {};

    /**
     * A step has ended.
     *
     * @param step the step
     * @param ok whether the board did all that the driver expects
     * @param detail what was found, one line; for a failed step, expected and got
     */
    void ended(Step step, boolean ok, String detail);
}
