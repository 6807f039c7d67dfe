package dev.nacre.board.falcon;

/** What the firmware that a driver loads into a falcon does. No instruction is executed: its effects are modelled. */
@FunctionalInterface
public interface FalconProgram {
    /**
     * Runs to its end, in microseconds. Socket's thread.
     *
     * @param falcon whose mailboxes and data memory hold arguments, and take results
     */
    void run(Falcon falcon);
}
