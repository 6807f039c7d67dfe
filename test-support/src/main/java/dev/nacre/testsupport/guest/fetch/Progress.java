package dev.nacre.testsupport.guest.fetch;

/** Told how far the work on a kit has come; called on the thread that does the work, a few times a second. */
@FunctionalInterface
public interface Progress {
    /** Tells nobody. */
    Progress SILENT = (what, doneBytes, totalBytes) -> {};

    /**
     * A step of the work has come this far.
     *
     * @param what the step in words, such as "Downloading qemu"; a new text starts a new step
     * @param doneBytes bytes done so far; equal to {@code totalBytes} when the step is complete
     * @param totalBytes bytes in all, or 0 where a step has no size
     */
    void at(String what, long doneBytes, long totalBytes);
}
