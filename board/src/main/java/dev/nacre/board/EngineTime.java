package dev.nacre.board;

/**
 * How long work ran on a board's engines, in nanoseconds that only grow while its owner is there.
 *
 * @param graphicsNs on the graphics runlist
 * @param copyNs on all copy runlists together
 * @param copyEngines copy runlists; 0 before the first is used
 */
public record EngineTime(long graphicsNs, long copyNs, int copyEngines) {
    /** The mean of the copy runlists' times. */
    public long meanCopyNs() {
        return copyEngines == 0 ? 0 : copyNs / copyEngines;
    }
}
