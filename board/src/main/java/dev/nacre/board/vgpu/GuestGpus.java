package dev.nacre.board.vgpu;

import dev.nacre.board.engine.SharingPolicy;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The guests' GPUs of a board: each shows a whole GPU by a virtual function. They are numbered by gfid, which is the
 * function's index plus 1; for a number that is none, everything is as for one that does not run.
 *
 * <p>They also end by themselves: when the host takes the virtual functions away, resets the board, or lets go of it.
 *
 * <p>Any thread may call but those of the guest GPUs' own engines. Calls happen one at a time and last some milliseconds at
 * the most.
 */
public interface GuestGpus {
    /** How many there can be now: as many as there are virtual functions. 0 on a board without. */
    int count();

    /** Granularity in bytes of guest GPUs' memory. */
    long vmmuSegmentBytes();

    /**
     * Says how the engines' time is divided between them from now on.
     *
     * @param sliceMs length of a slice in milliseconds, 0 for the board's own choice
     */
    void scheduling(SharingPolicy policy, int sliceMs);

    /**
     * Starts one, as after power-on, but for its memory's content.
     *
     * @return false if it runs already, there is no such virtual function, or the board cannot give what it is to have; the
     *     log says why
     */
    boolean start(GuestGpuSpec spec);

    /**
     * Makes one as it was when it started, but for its memory's content: its channels have ended. Nothing if it does not
     * run.
     */
    void reset(int gfid);

    /**
     * Ends one. When this returns nothing of it runs, and its virtual function answers as one that has no GPU. Nothing if
     * it does not run.
     */
    void stop(int gfid);

    /** How one is; empty if it does not run. */
    Optional<GuestGpuState> state(int gfid);

    /**
     * Tells of changes from now on, in place of who was told before.
     *
     * @param listener takes the gfid of one whose driver has come or gone, or that has ended without {@link #stop}; on any
     *     thread, which it must not hold up, and it must not call back
     */
    void onChange(IntConsumer listener);
}
