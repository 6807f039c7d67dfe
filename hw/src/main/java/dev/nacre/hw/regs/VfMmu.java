package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** The memory management unit's registers in the register window of a (virtual) function. */
// HW: open-gpu-kernel-modules published/turing/tu102/dev_vm.h, at 0xb80000 on a physical function
public final class VfMmu {
    /** First address of the block in a physical function's BAR0. */
    public static final int BASE = 0xb83000;

    /** Size of the block in bytes. */
    public static final int SIZE = 0x1000;

    /** Fault buffers (0 for faults that cannot be replayed, 1 for those that can): address, low half. */
    public static final RegArray FAULT_BUFFER_LO = buffer(Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_BUFFER_LO", 0x00));

    /** Address, high half. */
    public static final RegArray FAULT_BUFFER_HI = buffer(Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_BUFFER_HI", 0x04));

    /** Where software has read to. */
    public static final RegArray FAULT_BUFFER_GET =
            buffer(Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_BUFFER_GET", 0x08));

    /** Where hardware has written to. */
    public static final RegArray FAULT_BUFFER_PUT =
            buffer(Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_BUFFER_PUT", 0x0c));

    /** Number of entries, and enable. */
    public static final RegArray FAULT_BUFFER_SIZE =
            buffer(Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_BUFFER_SIZE", 0x10));

    /** What to do about faults. */
    public static final Reg PAGE_FAULT_CTRL = Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_PAGE_FAULT_CTRL", 0xb83070);

    /** Last fault: address, low half. */
    public static final Reg FAULT_ADDR_LO = Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_ADDR_LO", 0xb83080);

    /** Last fault: address, high half. */
    public static final Reg FAULT_ADDR_HI = Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_ADDR_HI", 0xb83084);

    /** Last fault: instance block, low half. */
    public static final Reg FAULT_INST_LO = Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_INST_LO", 0xb83088);

    /** Last fault: instance block, high half. */
    public static final Reg FAULT_INST_HI = Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_INST_HI", 0xb8308c);

    /** Last fault: type and client. */
    public static final Reg FAULT_INFO = Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_INFO", 0xb83090);

    /** Pending faults; ones clear. */
    public static final Reg FAULT_STATUS = Reg.w1c("NV_VIRTUAL_FUNCTION_PRIV_MMU_FAULT_STATUS", 0xb83094);

    /** Page directory that {@link #INVALIDATE} means: address bits 39:12, and aperture. */
    public static final Reg INVALIDATE_PDB = Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE_PDB", 0xb830a0);

    /** Page directory that {@link #INVALIDATE} means: address bits 59:40. */
    public static final Reg INVALIDATE_UPPER_PDB =
            Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE_UPPER_PDB", 0xb830a4);

    /** Forgets translations. */
    public static final Reg INVALIDATE = Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_MMU_INVALIDATE", 0xb830b0);

    /** All virtual addresses. */
    public static final Reg.Flag INVALIDATE_ALL_VA = INVALIDATE.flag(0);

    /** All page directories. */
    public static final Reg.Flag INVALIDATE_ALL_PDB = INVALIDATE.flag(1);

    /** Starts it; reads as zero when done. */
    public static final Reg.Flag INVALIDATE_TRIGGER = INVALIDATE.flag(31);

    /** Access counters: configuration. */
    public static final Reg ACCESS_COUNTER_CONFIG = Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_CONFIG", 0xb83100);

    /** Access counters' notifications: address, low half. */
    public static final Reg ACCESS_COUNTER_NOTIFY_BUFFER_LO =
            Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_NOTIFY_BUFFER_LO", 0xb83108);

    /** Access counters' notifications: address, high half. */
    public static final Reg ACCESS_COUNTER_NOTIFY_BUFFER_HI =
            Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_NOTIFY_BUFFER_HI", 0xb8310c);

    /** Access counters' notifications: number. */
    public static final Reg ACCESS_COUNTER_NOTIFY_BUFFER_SIZE =
            Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_NOTIFY_BUFFER_SIZE", 0xb83110);

    /** Access counters' notifications: where software has read to. */
    public static final Reg ACCESS_COUNTER_NOTIFY_BUFFER_GET =
            Reg.rw("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_NOTIFY_BUFFER_GET", 0xb83114);

    /** Access counters' notifications: where hardware has written to. */
    public static final Reg ACCESS_COUNTER_NOTIFY_BUFFER_PUT =
            Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_NOTIFY_BUFFER_PUT", 0xb83118);

    /** Access counters' notifications: whether there are any. */
    public static final Reg ACCESS_COUNTER_NOTIFY_BUFFER_INFO =
            Reg.ro("NV_VIRTUAL_FUNCTION_PRIV_ACCESS_COUNTER_NOTIFY_BUFFER_INFO", 0xb8311c);

    private VfMmu() {}

    private static RegArray buffer(Reg first) {
        return new RegArray(first.at(BASE), 2, 32);
    }
}
