package dev.nacre.hw.host;

import dev.nacre.hw.reg.Reg;
import org.jspecify.annotations.Nullable;

/** The methods that the host executes itself, on any subchannel; class c56f. */
// HW: open-gpu-kernel-modules class/clc56f.h; what they do: open-gpu-doc manuals/ampere/ga100/dev_pbdma.ref.txt and
// volta/gv100/dev_pbdma.ref.txt (NV_UDMA_*)
public enum HostMethod {
    /** Checks, and for us chooses, the class behind a subchannel; goes to the engine too. */
    SET_OBJECT(0x00),
    /** Always an error. */
    ILLEGAL(0x04),
    /** Nothing. */
    NOP(0x08),
    /** Old semaphores: address, high. */
    SEMAPHOREA(0x10),
    /** Old semaphores: address, low. */
    SEMAPHOREB(0x14),
    /** Old semaphores: payload. */
    SEMAPHOREC(0x18),
    /** Old semaphores: executes {@link SemaphoreD}. */
    SEMAPHORED(0x1c),
    /** Raises the engine's non-stall interrupt. */
    NON_STALL_INTERRUPT(0x20),
    /** Flushes memory writes. */
    FB_FLUSH(0x24),
    /** Memory operations: first operand. */
    MEM_OP_A(0x28),
    /** Memory operations: second operand. */
    MEM_OP_B(0x2c),
    /** Memory operations: third operand. */
    MEM_OP_C(0x30),
    /** Memory operations: executes one. */
    MEM_OP_D(0x34),
    /** Sets the reference count in USERD. */
    SET_REFERENCE(0x50),
    /** Semaphores: address, low. */
    SEM_ADDR_LO(0x5c),
    /** Semaphores: address, high. */
    SEM_ADDR_HI(0x60),
    /** Semaphores: payload, low. */
    SEM_PAYLOAD_LO(0x64),
    /** Semaphores: payload, high. */
    SEM_PAYLOAD_HI(0x68),
    /** Semaphores: executes {@link SemExecute}. */
    SEM_EXECUTE(0x6c),
    /** Waits until the engine is idle. */
    WFI(0x78),
    /** Compares a checksum over methods. */
    CRC_CHECK(0x7c),
    /** Lets other channels run. */
    YIELD(0x80),
    /** Lets a channel go on after a fault that software has handled. */
    CLEAR_FAULTED(0x84);

    /** First method address that is an engine's. */
    public static final int FIRST_ENGINE_METHOD = 0x100;

    /** Class behind a subchannel. */
    public static final Reg.Bits SET_OBJECT_NVCLASS = SET_OBJECT.bits(15, 0);

    /** Address bits 39:32. */
    public static final Reg.Bits SEM_ADDR_HI_OFFSET = SEM_ADDR_HI.bits(7, 0);

    /** What to yield: 0 and 1 nothing, 2 the runlist's and 3 the group's time slice. */
    public static final Reg.Bits YIELD_OP = YIELD.bits(1, 0);

    /** Operation: see {@code MEM_OP_D_OPERATION_*}. */
    public static final Reg.Bits MEM_OP_D_OPERATION = MEM_OP_D.bits(31, 27);

    /** Forgets the translations of a page directory. */
    public static final int MEM_OP_D_OPERATION_MMU_TLB_INVALIDATE = 0x09;

    /** Forgets the translation of a page. */
    public static final int MEM_OP_D_OPERATION_MMU_TLB_INVALIDATE_TARGETED = 0x0a;

    private static final @Nullable HostMethod[] BY_SLOT = new HostMethod[FIRST_ENGINE_METHOD / 4];

    static {
        for (HostMethod method : values()) {
            BY_SLOT[method.address / 4] = method;
        }
    }

    private final int address;

    HostMethod(int address) {
        this.address = address;
    }

    /** Method address in bytes. */
    public int address() {
        return address;
    }

    /** The method at an address below {@link #FIRST_ENGINE_METHOD}, or null if there is none. */
    public static @Nullable HostMethod at(int address) {
        return BY_SLOT[address / 4];
    }

    Reg.Bits bits(int hi, int lo) {
        return reg().bits(hi, lo);
    }

    Reg.Flag flag(int bit) {
        return reg().flag(bit);
    }

    private Reg reg() {
        return Reg.wo("NVC56F_" + name(), address);
    }
}
