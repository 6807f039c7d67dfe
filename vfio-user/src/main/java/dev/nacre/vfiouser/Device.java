package dev.nacre.vfiouser;

import dev.nacre.pci.PciFunction;

/**
 * What a server serves.
 *
 * @param name of the device, in logs and thread names
 * @param function the model
 * @param regions its regions
 */
record Device(String name, PciFunction function, Regions regions) {}
