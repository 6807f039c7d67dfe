package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** PMC, master control: which chip this is. */
// HW: open-gpu-kernel-modules published/turing/tu102/dev_boot.h and ampere/ga102/dev_boot.h
public final class Pmc {
    /** The chip: id in bits 28:20, revision in 7:0. Drivers read it in each interrupt; all-ones means a lost bus. */
    public static final Reg BOOT_0 = Reg.ro("NV_PMC_BOOT_0", 0x000000);

    /** Which chip, as drivers number them. */
    public static final Reg.Bits BOOT_0_CHIPSET = BOOT_0.bits(28, 20);

    /** Its revision. */
    public static final Reg.Bits BOOT_0_REVISION = BOOT_0.bits(7, 0);

    /** What kind of function this is; also tells the byte order: zero in the low byte is little-endian. */
    public static final Reg BOOT_1 = Reg.ro("NV_PMC_BOOT_1", 0x000004);

    /** Set on a virtual function. */
    public static final Reg.Bits BOOT_1_VGPU = BOOT_1.bits(17, 16);

    /** Which engines are out of reset. */
    public static final Reg ENABLE = Reg.rw("NV_PMC_ENABLE", 0x000200);

    /** The same for newer engines. */
    public static final RegArray DEVICE_ENABLE = new RegArray(Reg.rw("NV_PMC_DEVICE_ENABLE", 0x000600), 1, 4);

    /** The chip, in the form that all later chips have. */
    public static final Reg BOOT_42 = Reg.ro("NV_PMC_BOOT_42", 0x000a00);

    private Pmc() {}
}
