package dev.nacre.pci;

/**
 * The PCI Express capability, version 2, of an endpoint whose link is always up at its best, with function level reset.
 */
public final class PciExpress extends Capability {
    // HW: PCI Express Base Specification 5.0, 7.5.3; PCI_EXP_* of Linux include/uapi/linux/pci_regs.h.
    private static final int FLAGS = 0x02;
    private static final int FLAGS_VERSION_2 = 2;
    private static final int TYPE_ENDPOINT = 0;
    private static final int TYPE_LEGACY_ENDPOINT = 1;
    private static final int DEVCAP = 0x04;
    private static final int DEVCAP_PAYLOAD_256 = 1;
    private static final int DEVCAP_EXT_TAG = 1 << 5;
    private static final int DEVCAP_ROLE_BASED_ERRORS = 1 << 15;
    private static final int DEVCAP_FLR = 1 << 28;
    private static final int DEVCTL = 0x08;
    private static final int DEVCTL_RESET = 0x2810;
    private static final int DEVCTL_WRITABLE = 0x79ff;
    private static final int DEVCTL_PAYLOAD = 0x00e0;
    private static final int DEVCTL_FLR = 0x8000;
    private static final int DEVSTA = 0x0a;
    private static final int DEVSTA_ERRORS = 0x000f;
    private static final int LNKCAP = 0x0c;
    private static final int LNKCAP_ASPM_OPTIONALITY = 1 << 22;
    private static final int LNKCTL = 0x10;
    private static final int LNKCTL_WRITABLE = 0x00cb;
    private static final int LNKSTA = 0x12;
    private static final int LNKSTA_SLOT_CLOCK = 1 << 12;
    private static final int DEVCAP2 = 0x24;
    private static final int DEVCAP2_NO_TIMEOUT = 1 << 4;
    private static final int DEVCTL2 = 0x28;
    private static final int LNKCAP2 = 0x2c;
    private static final int LNKCTL2 = 0x30;
    private static final int LNKCTL2_WRITABLE = 0x003f;

    private final int type;
    private final int linkSpeed;
    private final int linkWidth;

    private PciExpress(int type, int linkSpeed, int linkWidth) {
        super("PCI Express", 0x10, 0x3c);
        if (linkSpeed < 1 || linkSpeed > 6) {
            throw new IllegalArgumentException("Link speed is not 1 (2.5 GT/s) to 6 (64 GT/s): " + linkSpeed);
        }
        if (linkWidth < 1 || linkWidth > 16 || Integer.bitCount(linkWidth) != 1) {
            throw new IllegalArgumentException("Link width is not 1, 2, 4, 8 or 16 lanes: " + linkWidth);
        }
        this.type = type;
        this.linkSpeed = linkSpeed;
        this.linkWidth = linkWidth;
    }

    /**
     * An endpoint.
     *
     * @param linkSpeed generation: 1 for 2.5 GT/s to 6 for 64 GT/s
     * @param linkWidth lanes: 1, 2, 4, 8 or 16
     */
    public static PciExpress endpoint(int linkSpeed, int linkWidth) {
        return new PciExpress(TYPE_ENDPOINT, linkSpeed, linkWidth);
    }

    /**
     * A legacy endpoint, which may need I/O ports.
     *
     * @param linkSpeed generation: 1 for 2.5 GT/s to 6 for 64 GT/s
     * @param linkWidth lanes: 1, 2, 4, 8 or 16
     */
    public static PciExpress legacyEndpoint(int linkSpeed, int linkWidth) {
        return new PciExpress(TYPE_LEGACY_ENDPOINT, linkSpeed, linkWidth);
    }

    @Override
    void define(ConfigRegisters registers, int at) {
        int link = linkSpeed | linkWidth << 4;
        registers.define(at + FLAGS, 2, FLAGS_VERSION_2 | type << 4, 0);
        registers.define(
                at + DEVCAP, 4, DEVCAP_PAYLOAD_256 | DEVCAP_EXT_TAG | DEVCAP_ROLE_BASED_ERRORS | DEVCAP_FLR, 0);
        registers.define(at + DEVCTL, 2, DEVCTL_RESET, DEVCTL_WRITABLE | DEVCTL_FLR);
        registers.clearable(at + DEVSTA, 2, DEVSTA_ERRORS);
        registers.define(at + LNKCAP, 4, link | LNKCAP_ASPM_OPTIONALITY, 0);
        registers.define(at + LNKCTL, 2, 0, LNKCTL_WRITABLE);
        registers.define(at + LNKSTA, 2, link | LNKSTA_SLOT_CLOCK, 0);
        registers.define(at + DEVCAP2, 4, DEVCAP2_NO_TIMEOUT, 0);
        registers.define(at + DEVCTL2, 2, 0, DEVCAP2_NO_TIMEOUT);
        registers.define(at + LNKCAP2, 4, ((1 << linkSpeed) - 1) << 1, 0);
        registers.define(at + LNKCTL2, 2, linkSpeed, LNKCTL2_WRITABLE);
        // HW: 6.6.2, what a function level reset must leave alone: the payload size and the link's control.
        registers.sticky(at + DEVCTL, 2, DEVCTL_PAYLOAD);
        registers.sticky(at + LNKCTL, 2, LNKCTL_WRITABLE);
        registers.sticky(at + LNKCTL2, 2, LNKCTL2_WRITABLE);
    }

    @Override
    void apply(ConfigSpace config, int at) {
        takeFlr(config, at);
    }

    @Override
    void written(ConfigSpace config, int at) {
        if (takeFlr(config, at)) {
            config.requestFunctionLevelReset();
        }
    }

    /** Clears Initiate FLR, which always reads as zero; returns whether it was set. */
    private static boolean takeFlr(ConfigSpace config, int at) {
        int control = config.registers().value(at + DEVCTL, 2);
        config.registers().set(at + DEVCTL, 2, control & ~DEVCTL_FLR);
        return (control & DEVCTL_FLR) != 0;
    }
}
