package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;

/** The little of the display that is touched before its engine is. */
// HW: nouveau nvkm/subdev/bios/shadowramin.c, nvkm/engine/disp/vga.c; nova-core regs.rs
public final class Pdisp {
    /** VGA's CRTC index (byte 0) and data (byte 1) of head 0. */
    public static final Reg PRMCIO_CRTC = Reg.rw("NV_PRMCIO_CRTC", 0x6013d4);

    /** Where the VGA workspace is; with bit 3 clear: the last MiB of memory. */
    public static final Reg VGA_WORKSPACE_BASE = Reg.ro("NV_PDISP_VGA_WORKSPACE_BASE", 0x625f04);

    /** The base is valid. */
    public static final Reg.Flag VGA_WORKSPACE_BASE_STATUS_VALID = VGA_WORKSPACE_BASE.flag(3);

    private Pdisp() {}
}
