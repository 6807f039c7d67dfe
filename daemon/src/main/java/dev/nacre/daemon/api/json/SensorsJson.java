package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;

/**
 * What a board's sensors say.
 *
 * @param temperatureCelsius of the chip
 * @param powerWatts power in the last whole second
 * @param powerLimitWatts what it cannot exceed
 * @param graphicsClockMhz clock of graphics
 * @param memoryClockMhz clock of memory
 * @param videoClockMhz clock of the video engines
 * @param performanceState 0 for the fastest
 */
@Json
public record SensorsJson(
        double temperatureCelsius,
        double powerWatts,
        double powerLimitWatts,
        int graphicsClockMhz,
        int memoryClockMhz,
        int videoClockMhz,
        int performanceState) {}
