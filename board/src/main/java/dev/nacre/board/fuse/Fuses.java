package dev.nacre.board.fuse;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.regs.Fuse;

/** The fuses: a production chip, on which firmware of any version may run, with or without display. */
public final class Fuses {
    /** Address of its registers. */
    public static final int BASE = 0x820000;

    /** Bytes of its registers. */
    public static final int SIZE_BYTES = 0x5000;

    private final RegisterBank registers;

    /**
     * Blows them.
     *
     * @param display whether there is a display engine
     */
    public Fuses(boolean display) {
        registers = RegisterBank.builder("fuses", BASE, SIZE_BYTES)
                .constant(Fuse.OPT_SECURE_GSP_DEBUG_DIS, Fuse.OPT_SECURE_GSP_DEBUG_DIS.reset())
                .constant(Fuse.STATUS_OPT_DISPLAY, Fuse.STATUS_OPT_DISPLAY_DISABLED.set(0, !display))
                .computed(Fuse.OPT_FPF_NVDEC_UCODE_VERSION, index -> 0)
                .computed(Fuse.OPT_FPF_SEC2_UCODE_VERSION, index -> 0)
                .computed(Fuse.OPT_FPF_GSP_UCODE_VERSION, index -> 0)
                .build();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }
}
