/**
 * The vfio-user protocol: a server that shows any {@link dev.nacre.pci.PciFunction} to a VMM as a PCI device, and a
 * small client. Messages are described in {@code wire}, framing is in {@code transport}.
 */
package dev.nacre.vfiouser;
