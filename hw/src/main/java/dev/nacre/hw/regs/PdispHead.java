package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** Registers of the display engine: head interrupts, raster positions, and the windows of its channels. */
// HW: open-gpu-kernel-modules swref/published/disp/v04_01/dev_disp.h (NV_PDISP_RG_DPCB is named by analogy); nouveau
// nvkm/engine/disp/gv100.c (positions, armed state), nvkm/subdev/gsp/rm/r535/disp.c (interrupt)
public final class PdispHead {
    private static final int HEADS = 8;

    /** A head's timing events that have happened while enabled; ones clear. */
    public static final RegArray EVENT_STATUS =
            new RegArray(Reg.w1c("NV_PDISP_FE_EVT_STAT_HEAD_TIMING", 0x611800), HEADS, 4);

    /** A head's timing events that interrupt now. */
    public static final RegArray INTERRUPT_STATUS =
            new RegArray(Reg.ro("NV_PDISP_FE_RM_INTR_STAT_HEAD_TIMING", 0x611c00), HEADS, 4);

    /** Which of a head's timing events interrupt. */
    public static final RegArray INTERRUPT_ENABLE =
            new RegArray(Reg.rw("NV_PDISP_FE_RM_INTR_EN_HEAD_TIMING", 0x611d80), HEADS, 4);

    /** Which of a head's timing events interrupt by the vector of low latency: GB20x. */
    // HW: nouveau nvkm/engine/disp/gb202.c; the name is by analogy
    public static final RegArray INTERRUPT_ENABLE_LOW_LATENCY =
            new RegArray(Reg.rw("NV_PDISP_FE_RM_INTR_EN1_HEAD_TIMING", 0x611ef0), HEADS, 4);

    /** Written after the events of the vector of low latency were taken, to have pending ones reported again: GB20x. */
    // HW: as above
    public static final Reg INTERRUPT_RETRIGGER_LOW_LATENCY = Reg.wo("NV_PDISP_FE_RM_INTR_RETRIGGER1", 0x611f34);

    /** LAST_DATA: the last visible pixel of a frame is out. What RM and its drivers take for the vertical blank. */
    public static final int EVENT_LAST_DATA = 1 << 1;

    /** VBLANK: the vertical blank has begun. */
    public static final int EVENT_VBLANK = 1 << 2;

    /** Heads with interrupts, a bit each. */
    public static final Reg INTERRUPT_DISPATCH = Reg.ro("NV_PDISP_FE_RM_INTR_DISPATCH", 0x611ec0);

    /** Where a head is: its line (15:0), frames counted (31:16). Reading it holds the pixel for the next read. */
    public static final RegArray RASTER_LINE = new RegArray(Reg.ro("NV_PDISP_RG_DPCA", 0x616330), HEADS, 0x800);

    /** Pixel of the line that a head is at (15:0). */
    public static final RegArray RASTER_PIXEL = new RegArray(Reg.ro("NV_PDISP_RG_DPCB", 0x616334), HEADS, 0x800);

    /** The core channel's window: PUT at 0, GET at 4, in bytes of the push buffer; its assembly state by method. */
    public static final int CORE_CHANNEL = 0x680000;

    /** The core's armed state by method, from here on. */
    public static final int CORE_ARMED = 0x688000;

    /** End of the core's window. */
    public static final int CORE_END = 0x690000;

    /** Window channels, {@link #CHANNEL_STRIDE} each. */
    public static final int WINDOW_CHANNELS = 0x690000;

    /** Window immediate channels. */
    public static final int WINDOW_IMMEDIATE_CHANNELS = 0x6b0000;

    /** Cursor channels. */
    public static final int CURSOR_CHANNELS = 0x6d8000;

    /** Distance from one channel of a kind to the next. */
    public static final int CHANNEL_STRIDE = 0x1000;

    /** In a channel's window: where software has written up to. */
    public static final int PUT = 0;

    /** In a channel's window: where the hardware has read up to. */
    public static final int GET = 4;

    private PdispHead() {}
}
