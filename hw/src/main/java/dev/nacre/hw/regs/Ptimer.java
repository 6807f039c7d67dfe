package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** PTIMER: nanoseconds. */
// HW: open-gpu-kernel-modules published/turing/tu102/dev_timer.h, volta/gv100/dev_timer.h; nouveau subdev/timer
public final class Ptimer {
    /** Pending interrupts of the timer: none is modelled. */
    public static final Reg INTR_0 = Reg.w1c("NV_PTIMER_INTR_0", 0x009100);

    /** Enabled interrupts of the timer. */
    public static final Reg INTR_EN_0 = Reg.rw("NV_PTIMER_INTR_EN_0", 0x009140);

    /** Time, low half; multiples of 32. */
    public static final Reg TIME_0 = Reg.rw("NV_PTIMER_TIME_0", 0x009400);

    /** Time, high half. */
    public static final Reg TIME_1 = Reg.rw("NV_PTIMER_TIME_1", 0x009410);

    /** Who may read and write the time: everybody. */
    public static final Reg TIME_PRIV_LEVEL_MASK = Reg.ro("NV_PTIMER_TIME_PRIV_LEVEL_MASK", 0x009430, 0xff);

    private Ptimer() {}
}
