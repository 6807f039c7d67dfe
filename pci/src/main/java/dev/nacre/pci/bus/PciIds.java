package dev.nacre.pci.bus;

import java.util.Locale;

/**
 * What a function says it is, in its configuration space.
 *
 * @param vendor the vendor's number
 * @param device the vendor's number of the device
 * @param subsystemVendor of the board
 * @param subsystemDevice of the board
 * @param classCode base class, subclass and interface, 24 bits
 * @param revision 8 bits
 */
public record PciIds(int vendor, int device, int subsystemVendor, int subsystemDevice, int classCode, int revision) {
    // HW: PCI local bus specification 3.0, 6.2.1
    private static final int ID = 0x00;
    private static final int CLASS_AND_REVISION = 0x08;
    private static final int SUBSYSTEM = 0x2c;

    /** Reads what a function says. */
    public static PciIds of(FunctionAccess function) {
        int id = ConfigAccess.readInt(function, ID);
        int kind = ConfigAccess.readInt(function, CLASS_AND_REVISION);
        int subsystem = ConfigAccess.readInt(function, SUBSYSTEM);
        return new PciIds(id & 0xffff, id >>> 16, subsystem & 0xffff, subsystem >>> 16, kind >>> 8, kind & 0xff);
    }

    /** Vendor and device as {@code lspci -n} writes them. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%04x:%04x", vendor, device);
    }
}
