package dev.nacre.board.vgpu;

import java.util.List;

/**
 * A running guest GPU at a moment.
 *
 * @param driverLoaded whether a driver runs it now
 * @param driverVersion version of the driver's firmware, such as {@code 535.113.01}; empty if it has not booted any
 * @param bootCount how often a driver has booted it since its start
 * @param fbBytesInUse bytes of its memory that hold something
 * @param surfaces what its heads show, of those that show anything
 * @param usage its shares of the engines
 */
public record GuestGpuState(
        boolean driverLoaded,
        String driverVersion,
        long bootCount,
        long fbBytesInUse,
        List<GuestSurface> surfaces,
        GuestUsage usage) {
    /** Takes the values. */
    public GuestGpuState {
        surfaces = List.copyOf(surfaces);
    }
}
