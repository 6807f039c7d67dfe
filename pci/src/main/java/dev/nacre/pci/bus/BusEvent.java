package dev.nacre.pci.bus;

/** Something that happened on a bus. */
public sealed interface BusEvent {
    /** Which device. */
    PciDevice device();

    /** It has come; drivers have not looked at it yet. */
    record Added(PciDevice device) implements BusEvent {}

    /**
     * A driver has taken it.
     *
     * @param driver the driver's name
     */
    record Bound(PciDevice device, String driver) implements BusEvent {}

    /**
     * A driver has refused it or failed.
     *
     * @param driver the driver's name
     * @param reason what it said
     */
    record Failed(PciDevice device, String driver, String reason) implements BusEvent {}

    /**
     * A driver has let go of it.
     *
     * @param driver the driver's name
     */
    record Unbound(PciDevice device, String driver) implements BusEvent {}

    /**
     * It has another number of virtual functions, which have all been added, or removed.
     *
     * @param count how many
     */
    record VirtualFunctions(PciDevice device, int count) implements BusEvent {}

    /** Its driver has put it to sleep. */
    record Suspended(PciDevice device) implements BusEvent {}

    /** Its driver has woken it up. */
    record Resumed(PciDevice device) implements BusEvent {}

    /** It has gone; it is unbound. */
    record Removed(PciDevice device) implements BusEvent {}
}
