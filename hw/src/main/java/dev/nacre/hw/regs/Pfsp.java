package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/**
 * PFSP: the FSP, the root of trust of Hopper and Blackwell. A driver writes a packet to its EMEM through a port, then
 * tail and head of a queue; the answer lies at the same place, announced by the message queue. Tails point at the last
 * word, heads at the first; equal ones mean an empty queue.
 */
// HW: open-gpu-kernel-modules published/hopper/gh100/dev_fsp_pri.h; nouveau nvkm/subdev/fsp/gh100.c
public final class Pfsp {
    /** Where its falcon starts. */
    public static final int BASE = 0x8f2000;

    /** Address of each port to EMEM, with {@link Pfalcon#PORT_AINCW} and {@link Pfalcon#PORT_AINCR}. */
    public static final RegArray EMEMC = new RegArray(Reg.rw("NV_PFSP_EMEMC", 0x8f2ac0), 8, 8);

    /** Data of each port to EMEM. */
    public static final RegArray EMEMD = new RegArray(Reg.rw("NV_PFSP_EMEMD", 0x8f2ac4), 8, 8);

    /** Queues to the FSP: first word of a packet. Written last, this hands the packet over. */
    public static final RegArray QUEUE_HEAD = new RegArray(Reg.rw("NV_PFSP_QUEUE_HEAD", 0x8f2c00), 8, 8);

    /** Queues to the FSP: last word of a packet. */
    public static final RegArray QUEUE_TAIL = new RegArray(Reg.rw("NV_PFSP_QUEUE_TAIL", 0x8f2c04), 8, 8);

    /** Queues from the FSP: first word of a packet. */
    public static final RegArray MSGQ_HEAD = new RegArray(Reg.rw("NV_PFSP_MSGQ_HEAD", 0x8f2c80), 8, 8);

    /** Queues from the FSP: last word of a packet. */
    public static final RegArray MSGQ_TAIL = new RegArray(Reg.rw("NV_PFSP_MSGQ_TAIL", 0x8f2c84), 8, 8);

    /** Bytes of EMEM that belong to one queue; a longer message is cut into packets. */
    // HW: open-gpu-kernel-modules kern_fsp_gh100.c (FSP_EMEM_CHANNEL_RM_SIZE)
    public static final int CHANNEL_BYTES = 1024;

    private Pfsp() {}
}
