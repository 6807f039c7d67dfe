package dev.nacre.pci;

/** A capability of the extended list, which starts at 0x100: read-only, unless it is one that says otherwise. */
public sealed class ExtendedCapability permits Sriov {
    // HW: PCI Express Base Specification 5.0, 7.9.3 and 7.9.5; PCI_EXT_CAP_ID_* of Linux pci_regs.h.
    private static final int ID_SERIAL_NUMBER = 0x0003;
    private static final int ID_VENDOR_SPECIFIC = 0x000b;
    private static final int HEADER = 4;

    private final int id;
    private final int version;
    private final byte[] body;

    /**
     * Makes a capability.
     *
     * @param id the capability's id, 16 bits
     * @param version the capability's version, 4 bits
     * @param body what follows the header's four bytes; a whole number of dwords
     * @throws IllegalArgumentException if a parameter does not fit
     */
    public ExtendedCapability(int id, int version, byte[] body) {
        if (id < 0 || id > 0xffff || version < 0 || version > 0xf || body.length % 4 != 0) {
            throw new IllegalArgumentException(
                    "Extended capability does not fit: id=" + id + " version=" + version + " length=" + body.length);
        }
        this.id = id;
        this.version = version;
        this.body = body.clone();
    }

    /** The device serial number capability. */
    public static ExtendedCapability serialNumber(long serial) {
        byte[] body = new byte[8];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) (serial >>> (8 * i));
        }
        return new ExtendedCapability(ID_SERIAL_NUMBER, 1, body);
    }

    /**
     * A vendor-specific capability.
     *
     * @param vsecId the vendor's own id, 16 bits
     * @param revision the vendor's revision, 4 bits
     * @param content what follows the vendor-specific header
     */
    public static ExtendedCapability vendorSpecific(int vsecId, int revision, byte[] content) {
        byte[] body = new byte[4 + content.length];
        int header = (vsecId & 0xffff) | (revision & 0xf) << 16 | (HEADER + body.length) << 20;
        for (int i = 0; i < 4; i++) {
            body[i] = (byte) (header >>> (8 * i));
        }
        System.arraycopy(content, 0, body, 4, content.length);
        return new ExtendedCapability(ID_VENDOR_SPECIFIC, 1, body);
    }

    final int id() {
        return id;
    }

    /** Bytes with the header. */
    final int length() {
        return HEADER + body.length;
    }

    /** Defines the registers; {@code next} is the offset of the next capability, 0 at the end. */
    void define(ConfigRegisters registers, int at, int next) {
        registers.define(at, 4, id | version << 16 | next << 20, 0);
        for (int i = 0; i < body.length; i++) {
            registers.define(at + HEADER + i, 1, body[i], 0);
        }
    }

    /** Acts on what the registers say now. May be called again with nothing changed. */
    void apply(ConfigSpace config, int at) {}
}
