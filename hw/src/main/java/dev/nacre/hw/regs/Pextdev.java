package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** PEXTDEV: what is soldered around the chip. */
// HW: envytools and nouveau nvkm/engine/device/base.c (crystal straps), open-gpu-kernel-modules dev_ext_devices.h
public final class Pextdev {
    /** Straps. The crystal's frequency is coded in bits 22 and 6. */
    public static final Reg BOOT_0 = Reg.ro("NV_PEXTDEV_BOOT_0", 0x101000, 0x0040_0000);

    /** High bit of the crystal's code: with {@link #BOOT_0_CRYSTAL_0} clear, set means 27 MHz. */
    public static final Reg.Flag BOOT_0_CRYSTAL_1 = BOOT_0.flag(22);

    /** Low bit of the crystal's code. */
    public static final Reg.Flag BOOT_0_CRYSTAL_0 = BOOT_0.flag(6);

    private Pextdev() {}
}
