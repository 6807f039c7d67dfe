/** A bus of PCI functions, the drivers that bind to them, and how a driver reaches its function wherever that is. */
package dev.nacre.pci.bus;
