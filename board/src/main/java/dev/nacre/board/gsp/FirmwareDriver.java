package dev.nacre.board.gsp;

/**
 * What is known of the driver that runs the firmware.
 *
 * @param loaded whether one runs the firmware now
 * @param version the firmware that it was built for; empty if none runs it
 * @param bootCount how often the firmware was started since the GSP was made
 */
public record FirmwareDriver(boolean loaded, String version, long bootCount) {}
