package dev.nacre.pci.bus;

/** Whether a device has a driver. */
public sealed interface DriverState {
    /** It has none: no driver matched, or it was unbound. */
    record Unbound() implements DriverState {}

    /**
     * A driver has it.
     *
     * @param driver the driver's name
     */
    record Bound(String driver) implements DriverState {}

    /**
     * A driver matched, and refused it or failed. It stays so until it is bound again.
     *
     * @param driver the driver's name
     * @param reason what it said
     */
    record Failed(String driver, String reason) implements DriverState {}
}
