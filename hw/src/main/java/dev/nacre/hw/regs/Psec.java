package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** PSEC: the security processor SEC2, a {@link Pfalcon}, on which the booter runs. */
// HW: open-gpu-kernel-modules published/ampere/ga102/dev_sec_pri.h
public final class Psec {
    /** Where its falcon starts. */
    public static final int BASE = 0x840000;

    /** More mailboxes. */
    public static final RegArray MAILBOX = new RegArray(Reg.rw("NV_PSEC_MAILBOX", 0x840804), 4, 4);

    private Psec() {}
}
