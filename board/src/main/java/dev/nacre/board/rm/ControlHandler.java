package dev.nacre.board.rm;

import dev.nacre.hw.rm.RmStatus;

/** Answers one kind of control. GSP's engine thread. */
@FunctionalInterface
interface ControlHandler {
    /** Fills the reply; unless it is NV_OK, parameters do not matter. */
    RmStatus handle(ControlCall call);
}
