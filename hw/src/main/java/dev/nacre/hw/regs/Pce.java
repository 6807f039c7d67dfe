package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** What GB20x tells of its copy engines. */
// HW: nouveau nvkm/engine/ce/gb202.c
public final class Pce {
    /** Copy engines that belong to graphics, a bit each. */
    public static final Reg GRCE_MASK = Reg.ro("NV_CE_GRCE_MASK", 0x1040d8);

    private Pce() {}
}
