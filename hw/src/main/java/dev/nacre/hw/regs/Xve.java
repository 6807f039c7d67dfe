package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** XVE: config space as seen through BAR0, with what is only there. */
// HW: open-gpu-kernel-modules published/maxwell/gm107/dev_nv_xve.h, ampere/ga100/dev_nv_xve.h (DEVICE_BASE(NV_PCFG))
public final class Xve {
    /** Where config space is mirrored. */
    public static final int MIRROR_BASE = 0x088000;

    /** Where config space is mirrored on Hopper and Blackwell, without the registers below. */
    // HW: open-gpu-kernel-modules published/hopper/gh100/dev_nv_pcfg_xve_addendum.h; nouveau nvkm/subdev/pci/gh100.c
    public static final int MIRROR_BASE_EP = 0x092000;

    /** Bytes of the mirror. */
    public static final int MIRROR_BYTES = 0x1000;

    /** Whether the ROM is shadowed (bit 0): drivers clear it while they read PROM. */
    public static final Reg ROM_CTRL = Reg.rw("NV_XVE_ROM_CTRL", 0x088050);

    /** Written after each message interrupt to permit the next. */
    // HW: nouveau nvkm/subdev/pci/gk104.c and g84.c (msi_rearm)
    public static final Reg CYA_2 = Reg.wo("NV_XVE_CYA_2", 0x088704);

    private Xve() {}
}
