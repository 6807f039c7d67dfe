package dev.nacre.core;

/**
 * What a guest has told its virtual GPU of itself.
 *
 * @param driverLoaded whether a driver runs the GPU now
 * @param driverVersion the driver's version as it says it; empty if it has not
 * @param bootCount how often a driver has started the GPU
 */
public record VgpuGuestInfo(boolean driverLoaded, String driverVersion, long bootCount) {}
