package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** The register window of a (virtual) function: interrupts of the CPU, and the page that user programs map. */
// HW: open-gpu-kernel-modules published/ampere/ga102/dev_vm.h and ampere/ga100/dev_vm.h, at 0xb80000 on a physical
// function (NV_VIRTUAL_FUNCTION_FULL_PHYS_OFFSET)
public final class VirtualFunction {
    /** Where the window lies in a physical function's BAR0. */
    public static final int BASE = 0xb80000;

    /** Offset of the user's page in the window. */
    public static final int USERMODE_OFFSET = 0x30000;

    /** Pending vectors, 32 a leaf. */
    public static final RegArray PRIV_CPU_INTR_LEAF =
            new RegArray(Reg.w1c("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF", 0xb81000), 8, 4);

    /** Enables vectors; reads what is enabled. */
    public static final RegArray PRIV_CPU_INTR_LEAF_EN_SET =
            new RegArray(Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_SET", 0xb81200), 8, 4);

    /** Disables vectors; reads what is enabled. */
    public static final RegArray PRIV_CPU_INTR_LEAF_EN_CLEAR =
            new RegArray(Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_CLEAR", 0xb81400), 8, 4);

    /** Subtrees with enabled pending vectors: a bit for each two leaves. */
    public static final Reg PRIV_CPU_INTR_TOP = Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP", 0xb81600);

    /** Enables subtrees; reads what is enabled. */
    public static final Reg PRIV_CPU_INTR_TOP_EN_SET = Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_SET", 0xb81608);

    /** Disables subtrees; reads what is enabled. */
    public static final Reg PRIV_CPU_INTR_TOP_EN_CLEAR =
            Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_CLEAR", 0xb81610);

    /** Sets the pending bit of the vector that is written. */
    public static final Reg PRIV_CPU_INTR_LEAF_TRIGGER =
            Reg.wo("NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_TRIGGER", 0xb81640);

    /** The vector. */
    public static final Reg.Bits PRIV_CPU_INTR_LEAF_TRIGGER_VECTOR = PRIV_CPU_INTR_LEAF_TRIGGER.bits(11, 0);

    /** Calls a virtual GPU's plugin: {@code gfid * 32 + vector}. */
    public static final Reg PRIV_DOORBELL = Reg.wo("NV_VIRTUAL_FUNCTION_PRIV_DOORBELL", 0xb82200);

    /** Time, low half; the same time as {@link Ptimer}'s. */
    public static final Reg TIME_0 = Reg.ro("NV_VIRTUAL_FUNCTION_TIME_0", 0xbb0080);

    /** Time, high half. */
    public static final Reg TIME_1 = Reg.ro("NV_VIRTUAL_FUNCTION_TIME_1", 0xbb0084);

    /** Tells the host engine that a channel has work: the channel's token. */
    public static final Reg DOORBELL = Reg.wo("NV_VIRTUAL_FUNCTION_DOORBELL", 0xbb0090);

    private VirtualFunction() {}
}
