package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** XAL, the bus interface that replaces {@link Pbus} for the windows to memory on Hopper and Blackwell. */
// HW: open-gpu-kernel-modules published/hopper/gh100/dev_xtl_ep_pri.h, dev_xal_ep.h; nouveau
// nvkm/subdev/instmem/gh100.c
public final class XalEp {
    /** Where PRAMIN looks. */
    public static final Reg BAR0_WINDOW = Reg.rw("NV_XAL_EP_BAR0_WINDOW", 0x10fd40);

    /** Base address in units of 64 KiB; always video memory. */
    public static final Reg.Bits BAR0_WINDOW_BASE = BAR0_WINDOW.bits(22, 0);

    private XalEp() {}
}
