package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** PGSP: the GPU system processor, a {@link Pfalcon} with queues. */
// HW: open-gpu-kernel-modules published/ampere/ga102/dev_gsp.h
public final class Pgsp {
    /** Where its falcon starts. */
    public static final int BASE = 0x110000;

    /** More mailboxes. */
    public static final RegArray MAILBOX = new RegArray(Reg.rw("NV_PGSP_MAILBOX", 0x110804), 4, 4);

    /** Doorbells of the command queues. */
    public static final RegArray QUEUE_HEAD = new RegArray(Reg.rw("NV_PGSP_QUEUE_HEAD", 0x110c00), 8, 8);

    private Pgsp() {}
}
