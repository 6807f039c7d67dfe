package dev.nacre.pci.bus;

/**
 * Drives devices of a kind. The bus calls it, one call at a time for the whole bus, on the thread of whoever changed the
 * bus; calls for one device come in this order: {@link #probe}; then {@link #suspend} and {@link #resume} in turn, and
 * {@link #configureVirtualFunctions}; {@link #remove} at the end. Inside a call it may change the virtual functions of the
 * device that the call is about, and nothing else of the bus.
 */
public interface PciDriver {
    /** Why a driver loses a device. */
    enum RemoveCause {
        /** Somebody unbound it; the device works. */
        UNBIND,
        /** The device has gone: reads give all-ones. */
        GONE
    }

    /** Its name: unique on a bus, and what a device's override names. */
    String name();

    /** Whether it knows such devices; an override is as good. */
    boolean matches(PciIds ids);

    /**
     * Takes a device, which is as after a reset, or as another driver has left it.
     *
     * @throws RuntimeException if it cannot drive it, with a reason for people; it has let go of everything then
     */
    void probe(PciDevice device);

    /**
     * Lets go of a device: when this returns, nothing of the driver touches it any more. Virtual functions that it had
     * are gone already. What it throws is logged, and the device is unbound all the same.
     */
    void remove(PciDevice device, RemoveCause cause);

    /**
     * Prepares for the host's sleep: the device is left alone until {@link #resume}.
     *
     * @throws RuntimeException if it cannot; the host stays awake
     */
    default void suspend(PciDevice device) {}

    /** The host is awake again; the device may have lost its state. What it throws makes the device failed. */
    default void resume(PciDevice device) {}

    /**
     * Is told of the virtual functions that the device will have, or, for 0, of which the last has just gone.
     *
     * @param count how many
     * @throws RuntimeException if the device cannot have so many
     */
    default void configureVirtualFunctions(PciDevice device, int count) {
        if (count > 0) {
            throw new UnsupportedOperationException("Driver " + name() + " knows no virtual functions");
        }
    }
}
