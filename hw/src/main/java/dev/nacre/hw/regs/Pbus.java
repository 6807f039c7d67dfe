package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** PBUS, the bus interface: scratch registers and the windows to memory. */
// HW: open-gpu-kernel-modules published/turing/tu102/dev_bus.h, ampere/ga100/dev_bus.h, maxwell/gm107/dev_bus.h
public final class Pbus {
    /** Scratch that firmware reports in: 0x0e the result of FWSEC-FRTS, 0x15 of FWSEC-SB. */
    public static final RegArray SW_SCRATCH = new RegArray(Reg.rw("NV_PBUS_SW_SCRATCH", 0x001400), 64, 4);

    /** Scratch 0x0e. */
    public static final Reg SW_SCRATCH_0E = SW_SCRATCH.at(0x0e);

    /** Error of FWSEC-FRTS; 0 = none. */
    // HW: nouveau nvkm/subdev/gsp/fwsec.c; nova-core gsp/boot.rs
    public static final Reg.Bits SW_SCRATCH_0E_FRTS_ERROR = SW_SCRATCH_0E.bits(31, 16);

    /** Scratch 0x15. */
    public static final Reg SW_SCRATCH_15 = SW_SCRATCH.at(0x15);

    /** Error of FWSEC-SB; 0 = none. */
    public static final Reg.Bits SW_SCRATCH_15_SB_ERROR = SW_SCRATCH_15.bits(15, 0);

    /** Where PRAMIN looks. */
    public static final Reg BAR0_WINDOW = Reg.rw("NV_PBUS_BAR0_WINDOW", 0x001700);

    /** Base address in units of 64 KiB. */
    public static final Reg.Bits BAR0_WINDOW_BASE = BAR0_WINDOW.bits(23, 0);

    /** Memory that PRAMIN looks at: 0 video, 2 coherent and 3 non-coherent system memory. */
    public static final Reg.Bits BAR0_WINDOW_TARGET = BAR0_WINDOW.bits(25, 24);

    /** BAR1's instance block. With MODE clear BAR1 is physical. */
    public static final Reg BAR1_BLOCK = Reg.rw("NV_PBUS_BAR1_BLOCK", 0x001704);

    /** Whether BAR1 is virtual. */
    public static final Reg.Flag BAR1_BLOCK_MODE = BAR1_BLOCK.flag(31);

    /** Whether a change of an instance block is still under way: never. */
    public static final Reg BIND_STATUS = Reg.ro("NV_PBUS_BIND_STATUS", 0x001710);

    /** BAR2's instance block. */
    public static final Reg BAR2_BLOCK = Reg.rw("NV_PBUS_BAR2_BLOCK", 0x001714);

    private Pbus() {}
}
