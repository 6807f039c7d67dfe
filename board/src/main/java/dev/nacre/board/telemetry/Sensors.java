package dev.nacre.board.telemetry;

import dev.nacre.board.Telemetry;

/** The sensors of a GPU. Any thread; what they say is true of the moment. */
@FunctionalInterface
public interface Sensors {
    /** What they say now. */
    Telemetry read();
}
