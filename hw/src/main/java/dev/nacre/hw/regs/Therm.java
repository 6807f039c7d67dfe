package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** PTHERM: here only the scratch register in which the FSP reports that it has started. Its place differs by chip. */
// HW: open-gpu-kernel-modules published/hopper/gh100/dev_therm.h and blackwell/gb202/dev_therm.h
public final class Therm {
    /** Progress of the FSP on Hopper. */
    public static final Reg I2CS_SCRATCH = Reg.ro("NV_THERM_I2CS_SCRATCH", 0x0200bc, 0xff);

    /** Progress of the FSP on GB20x. */
    public static final Reg I2CS_SCRATCH_GB20X = Reg.ro("NV_THERM_I2CS_SCRATCH_GB20X", 0xad00bc, 0xff);

    /** Value when the FSP has started (FSP_BOOT_COMPLETE_STATUS_SUCCESS). */
    public static final int FSP_BOOT_COMPLETE = 0xff;

    private Therm() {}
}
