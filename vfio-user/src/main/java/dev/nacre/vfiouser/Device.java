package dev.nacre.vfiouser;

import dev.nacre.pci.PciFunction;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a server serves.
 *
 * @param name of the device, in logs and thread names
 * @param function the model
 * @param regions its regions
 * @param leftStopped whether a client has left it stopped, because it refused to go on; the next one starts it
 * @param counters of all clients
 */
record Device(String name, PciFunction function, Regions regions, AtomicBoolean leftStopped, ServerCounters counters) {
    /** A device that nobody has served yet. */
    Device(String name, PciFunction function, ServerCounters counters) {
        this(name, function, new Regions(function), new AtomicBoolean(), counters);
    }
}
