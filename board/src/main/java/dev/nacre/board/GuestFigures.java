package dev.nacre.board;

import java.util.Map;

/**
 * What can be measured of a guest's GPU.
 *
 * @param telemetry what its sensors say
 * @param engineTime how long its work has run on the board's engines since it is there
 * @param share the part of each engine's time to which it is entitled, 0 to 1; 1 if nothing limits it
 * @param fbBytes its memory
 * @param fbUsedBytes bytes of it that hold something
 * @param messages how often its driver sent which message to its firmware, by NVIDIA's name
 * @param faults how often something went wrong, by what it is
 */
public record GuestFigures(
        Telemetry telemetry,
        EngineTime engineTime,
        double share,
        long fbBytes,
        long fbUsedBytes,
        Map<String, Long> messages,
        Map<String, Long> faults) {
    /** Takes the values. */
    public GuestFigures {
        messages = Map.copyOf(messages);
        faults = Map.copyOf(faults);
    }
}
