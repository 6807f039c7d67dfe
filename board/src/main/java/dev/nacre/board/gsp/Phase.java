package dev.nacre.board.gsp;

import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.nio.charset.StandardCharsets;

/** Where the firmware is in its life. */
enum Phase {
    /** Not started. */
    OFF,
    /** Speaks to a driver. */
    RUNNING,
    /** Stopped with everything kept, to be resumed. */
    SUSPENDED;

    private static final String NAME = "phase";

    void save(StateWriter out) {
        out.put(NAME, name().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The one that was saved.
     *
     * @param booted whether what a start needs was saved as well
     * @throws StateException if it is none, or cannot be without a start
     */
    static Phase restore(StateReader in, boolean booted) {
        String name = new String(in.bytes(NAME), StandardCharsets.UTF_8);
        for (Phase saved : values()) {
            if (saved.name().equals(name) && (booted || saved == OFF)) {
                return saved;
            }
        }
        throw new StateException("Saved phase is impossible: phase=" + name + " booted=" + booted);
    }
}
