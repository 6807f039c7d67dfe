package dev.nacre.vfio.type;

/**
 * PCI ids of a type.
 *
 * @param boardDevice device id of the boards that can have it
 * @param device device id that its guest sees
 * @param subsystem subsystem id that its guest sees
 */
public record PciIds(int boardDevice, int device, int subsystem) {}
