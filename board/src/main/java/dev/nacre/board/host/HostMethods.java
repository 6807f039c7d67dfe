package dev.nacre.board.host;

import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.mmu.Mmu;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.Reduction;
import dev.nacre.hw.host.RobustChannel;
import dev.nacre.hw.host.SemExecute;
import dev.nacre.hw.host.SemExecute.Operation;
import dev.nacre.hw.host.SemaphoreD;
import java.lang.invoke.VarHandle;

/**
 * Executes the host's own methods. Engines have always done what they were given when the next method comes, so there is
 * nothing to wait for.
 */
final class HostMethods {
    private static final long LOW = 0xffff_ffffL;
    private static final int YIELD_OP_RUNLIST_TIMESLICE = 2;

    private final Runlist runlist;
    private final Mmu mmu;
    private final Semaphores semaphores;

    HostMethods(Runlist runlist, Mmu mmu, Semaphores semaphores) {
        this.runlist = runlist;
        this.mmu = mmu;
        this.semaphores = semaphores;
    }

    /** Executes a method. An acquire that has to wait is left in the channel's state. */
    void execute(Channel channel, int subchannel, int address, int data) {
        HostMethod method = HostMethod.at(address);
        if (method == null) {
            throw error("There is no host method: address=0x" + Integer.toHexString(address));
        }
        PushState push = channel.push;
        switch (method) {
            case SET_OBJECT -> setObject(channel, subchannel, HostMethod.SET_OBJECT_NVCLASS.get(data));
            case ILLEGAL -> throw error("Illegal host method");
            case SEMAPHOREA -> push.oldSemaphoreAddress = withHigh(push.oldSemaphoreAddress, data & 0xff);
            case SEMAPHOREB -> push.oldSemaphoreAddress = withLow(push.oldSemaphoreAddress, data & ~3);
            case SEMAPHOREC -> push.oldSemaphorePayload = data;
            case SEMAPHORED -> executeOld(channel, data);
            case NON_STALL_INTERRUPT -> runlist.raiseNonStall(channel);
            case MEM_OP_D -> memoryOperation(HostMethod.MEM_OP_D_OPERATION.get(data));
            case SET_REFERENCE -> runlist.reference(channel, data);
            case SEM_ADDR_LO -> push.semaphoreAddress = withLow(push.semaphoreAddress, data & ~3);
            case SEM_ADDR_HI ->
                push.semaphoreAddress = withHigh(push.semaphoreAddress, HostMethod.SEM_ADDR_HI_OFFSET.get(data));
            case SEM_PAYLOAD_LO -> push.semaphorePayload = withLow(push.semaphorePayload, data);
            case SEM_PAYLOAD_HI -> push.semaphorePayload = withHigh(push.semaphorePayload, data);
            case SEM_EXECUTE -> execute(channel, data);
            case FB_FLUSH, WFI -> VarHandle.fullFence();
            case YIELD -> channel.yielded = HostMethod.YIELD_OP.get(data) >= YIELD_OP_RUNLIST_TIMESLICE;
            case NOP, MEM_OP_A, MEM_OP_B, MEM_OP_C, CRC_CHECK, CLEAR_FAULTED -> {}
        }
    }

    /** Whether the acquire that a channel waits for has succeeded. */
    boolean tryAcquire(Channel channel) {
        PushState push = channel.push;
        boolean wide = push.acquireWide;
        long value = wide
                ? channel.space.readLong(push.acquireAddress)
                : Integer.toUnsignedLong(channel.space.readInt(push.acquireAddress));
        // ORDERING: what is read from now on was written before the value.
        VarHandle.fullFence();
        long payload = push.acquirePayload;
        boolean acquired = switch (push.acquireOperation) {
            case ACQUIRE -> value == payload;
            case ACQ_STRICT_GEQ -> Long.compareUnsigned(value, payload) >= 0;
            case ACQ_CIRC_GEQ -> (wide ? value - payload : (int) (value - payload)) >= 0;
            case ACQ_AND -> (value & payload) != 0;
            case ACQ_NOR -> (~(value | payload) & (wide ? -1 : LOW)) != 0;
            case RELEASE, REDUCTION -> throw new IllegalStateException("No acquire: " + push.acquireOperation);
        };
        push.acquiring = !acquired;
        return acquired;
    }

    private void setObject(Channel channel, int subchannel, int objectClass) {
        runlist.requireClass(objectClass);
        channel.push.classes[subchannel] = objectClass;
    }

    private void execute(Channel channel, int data) {
        Operation operation = SemExecute.operation(data);
        boolean wide = SemExecute.PAYLOAD_SIZE_64BIT.get(data);
        boolean timestamp = SemExecute.RELEASE_TIMESTAMP.get(data);
        long address = channel.push.semaphoreAddress;
        long payload = wide ? channel.push.semaphorePayload : channel.push.semaphorePayload & LOW;
        switch (operation) {
            case null -> throw error("There is no semaphore operation: data=0x" + Integer.toHexString(data));
            case RELEASE -> {
                requireAligned(address, timestamp ? 16 : wide ? 8 : 4);
                if (timestamp) {
                    semaphores.releaseTimestamped(channel.space, address, payload);
                } else {
                    semaphores.release(channel.space, address, payload, wide);
                }
                runlist.released();
            }
            case REDUCTION -> {
                requireAligned(address, timestamp ? 16 : wide ? 8 : 4);
                Reduction reduction = reduction(SemExecute.REDUCTION.get(data));
                boolean unsigned = SemExecute.REDUCTION_FORMAT_UNSIGNED.get(data);
                requireSupported(reduction, unsigned, wide);
                if (timestamp) {
                    semaphores.timestamp(channel.space, address);
                }
                semaphores.reduce(channel.space, address, reduction, unsigned, wide, payload);
                runlist.released();
            }
            case ACQUIRE, ACQ_STRICT_GEQ, ACQ_CIRC_GEQ, ACQ_AND, ACQ_NOR -> {
                requireAligned(address, wide ? 8 : 4);
                acquire(channel, operation, address, payload, wide);
            }
        }
    }

    private void executeOld(Channel channel, int data) {
        long address = channel.push.oldSemaphoreAddress;
        long payload = Integer.toUnsignedLong(channel.push.oldSemaphorePayload);
        switch (SemaphoreD.OPERATION.get(data)) {
            case SemaphoreD.OPERATION_ACQUIRE -> acquire(channel, Operation.ACQUIRE, address, payload, false);
            case SemaphoreD.OPERATION_ACQ_GEQ -> acquire(channel, Operation.ACQ_CIRC_GEQ, address, payload, false);
            case SemaphoreD.OPERATION_ACQ_AND -> acquire(channel, Operation.ACQ_AND, address, payload, false);
            case SemaphoreD.OPERATION_RELEASE -> {
                if (SemaphoreD.RELEASE_SIZE_4BYTE.get(data)) {
                    semaphores.release(channel.space, address, payload, false);
                } else {
                    requireAligned(address, 16);
                    semaphores.releaseTimestamped(channel.space, address, payload);
                }
                runlist.released();
            }
            case SemaphoreD.OPERATION_REDUCTION -> {
                Reduction reduction = reduction(SemaphoreD.REDUCTION.get(data));
                boolean unsigned = SemaphoreD.FORMAT_UNSIGNED.get(data);
                semaphores.reduce(channel.space, address, reduction, unsigned, false, payload);
                runlist.released();
            }
            default -> throw error("There is no semaphore operation: data=0x" + Integer.toHexString(data));
        }
    }

    private static void acquire(Channel channel, Operation operation, long address, long payload, boolean wide) {
        PushState push = channel.push;
        push.acquireOperation = operation;
        push.acquireAddress = address;
        push.acquirePayload = payload;
        push.acquireWide = wide;
        push.acquiring = true;
    }

    private void memoryOperation(int operation) {
        if (operation == HostMethod.MEM_OP_D_OPERATION_MMU_TLB_INVALIDATE
                || operation == HostMethod.MEM_OP_D_OPERATION_MMU_TLB_INVALIDATE_TARGETED) {
            mmu.invalidateAll();
        }
        // ORDERING: a membar, or the flush of a cache that is not there.
        VarHandle.fullFence();
    }

    private static Reduction reduction(int code) {
        Reduction reduction = Reduction.of(code);
        if (reduction == null) {
            throw error("There is no semaphore reduction: code=" + code);
        }
        return reduction;
    }

    // HW: open-gpu-doc manuals/volta/gv100/dev_pbdma.ref.txt "Semaphore signedness option"
    private static void requireSupported(Reduction reduction, boolean unsigned, boolean wide) {
        boolean supported = switch (reduction) {
            case IMIN, IMAX, IXOR, IAND, IOR -> true;
            case IADD -> unsigned || !wide;
            case INC, DEC -> unsigned && !wide;
        };
        if (!supported) {
            throw error(
                    "Semaphore reduction is not supported: " + reduction + " unsigned=" + unsigned + " wide=" + wide);
        }
    }

    private static void requireAligned(long address, int size) {
        if ((address & (size - 1)) != 0) {
            throw error("Semaphore is not aligned: address=0x" + Long.toHexString(address) + " size=" + size);
        }
    }

    private static long withHigh(long value, int high) {
        return (value & LOW) | (long) high << 32;
    }

    private static long withLow(long value, int low) {
        return (value & ~LOW) | (low & LOW);
    }

    private static ChannelError error(String message) {
        return new ChannelError(RobustChannel.PBDMA_ERROR, message);
    }
}
