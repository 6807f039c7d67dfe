package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** Fuses. */
// HW: open-gpu-kernel-modules published/ampere/ga100/dev_fuse.h
public final class Fuse {
    /** Whether debug signatures are refused: 1, so drivers take the production FWSEC. */
    public static final Reg OPT_SECURE_GSP_DEBUG_DIS = Reg.ro("NV_FUSE_OPT_SECURE_GSP_DEBUG_DIS", 0x82074c, 1);

    /** Whether there is a display engine: 0 = yes. */
    public static final Reg STATUS_OPT_DISPLAY = Reg.ro("NV_FUSE_STATUS_OPT_DISPLAY", 0x820c04);

    /** Set if the display engine is disabled. */
    public static final Reg.Flag STATUS_OPT_DISPLAY_DISABLED = STATUS_OPT_DISPLAY.flag(0);

    /** Least version of each NVDEC ucode, ucode 1 first. */
    public static final RegArray OPT_FPF_NVDEC_UCODE_VERSION =
            new RegArray(Reg.ro("NV_FUSE_OPT_FPF_NVDEC_UCODE_VERSION", 0x824100), 16, 4);

    /** Least version of each SEC2 ucode, ucode 1 first; the booter is ucode 3. */
    public static final RegArray OPT_FPF_SEC2_UCODE_VERSION =
            new RegArray(Reg.ro("NV_FUSE_OPT_FPF_SEC2_UCODE_VERSION", 0x824140), 16, 4);

    /** Least version of each GSP ucode, ucode 1 first; FWSEC is ucode 9. */
    public static final RegArray OPT_FPF_GSP_UCODE_VERSION =
            new RegArray(Reg.ro("NV_FUSE_OPT_FPF_GSP_UCODE_VERSION", 0x8241c0), 16, 4);

    private Fuse() {}
}
