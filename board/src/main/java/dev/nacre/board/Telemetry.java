package dev.nacre.board;

/**
 * What the sensors of a GPU say. Utilisation is measured; temperature, power and clocks are a model's, which it drives.
 *
 * @param graphicsUsage time that the graphics runlist was busy in the last whole second, in hundredths of a percent
 * @param copyUsage the same of the copy runlists: their mean
 * @param powerMilliwatts power in the last whole second
 * @param averagePowerMilliwatts power, averaged over some seconds
 * @param powerLimitMilliwatts what the power cannot exceed
 * @param temperatureCelsius of the chip, in degrees
 * @param graphicsClockMhz clock of graphics
 * @param memoryClockMhz clock of memory
 * @param videoClockMhz clock of the video engines
 * @param performanceState 0 for the fastest, 8 for an idle board
 */
public record Telemetry(
        int graphicsUsage,
        int copyUsage,
        int powerMilliwatts,
        int averagePowerMilliwatts,
        int powerLimitMilliwatts,
        double temperatureCelsius,
        int graphicsClockMhz,
        int memoryClockMhz,
        int videoClockMhz,
        int performanceState) {}
