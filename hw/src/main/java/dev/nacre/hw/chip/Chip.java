package dev.nacre.hw.chip;

/**
 * The chips that are modelled. Everything that differs between them hangs off this enum by an exhaustive switch, so
 * that a new chip does not compile until each place has answered.
 */
public enum Chip {
    /** Ada, as on the L40. */
    // HW: shared tables of nouveau (device/base.c, nvkm_device_chip) and pci.ids: 10de:26b5 "AD102GL [L40]".
    AD102("NVIDIA L40", 0x192000a1, 0x192a1000, 0x26b5, 0x169d, BootPath.BOOTER),
    /** Ampere, as on the GeForce RTX 3090. */
    // HW: pci.ids: 10de:2204 "GA102 [GeForce RTX 3090]".
    GA102("NVIDIA GeForce RTX 3090", 0x172000a1, 0x172a1000, 0x2204, 0x1454, BootPath.BOOTER),
    /** Hopper, as on the H100 for PCIe. No display. */
    // HW: pci.ids: 10de:2331 "GH100 [H100 PCIe]"; boot values: open-gpu-kernel-modules
    // published/hopper/gh100/dev_boot.h.
    GH100("NVIDIA H100 PCIe", 0x180000a1, 0x180a1000, 0x2331, 0x1626, BootPath.FSP),
    /** Blackwell, as on the RTX PRO 6000. */
    // HW: pci.ids: 10de:2bb1 "GB202GL [RTX PRO 6000 Blackwell Workstation Edition]"; boot values as above.
    GB202("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", 0x1b2000a1, 0x1b2a1000, 0x2bb1, 0x204b, BootPath.FSP);

    private final String productName;
    private final int boot0;
    private final int boot42;
    private final int deviceId;
    private final int subsystemId;
    private final BootPath bootPath;

    Chip(String productName, int boot0, int boot42, int deviceId, int subsystemId, BootPath bootPath) {
        this.productName = productName;
        this.boot0 = boot0;
        this.boot42 = boot42;
        this.deviceId = deviceId;
        this.subsystemId = subsystemId;
        this.bootPath = bootPath;
    }

    /** PCI vendor id of NVIDIA. */
    public static final int PCI_VENDOR_ID = 0x10de;

    /** The board's name as its firmware tells it. */
    public String productName() {
        return productName;
    }

    /** NV_PMC_BOOT_0. */
    public int boot0() {
        return boot0;
    }

    /** NV_PMC_BOOT_42. */
    public int boot42() {
        return boot42;
    }

    /** PCI device id. */
    public int deviceId() {
        return deviceId;
    }

    /** PCI subsystem id; the subsystem vendor is NVIDIA. */
    public int subsystemId() {
        return subsystemId;
    }

    /** How a driver brings up its GSP. */
    public BootPath bootPath() {
        return bootPath;
    }

    /** The name on the command line: lower case. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
