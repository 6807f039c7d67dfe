package dev.nacre.hw.host;

import dev.nacre.hw.reg.Reg;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Data of {@link HostMethod#SEM_EXECUTE}. */
// HW: open-gpu-kernel-modules class/clc56f.h, NVC56F_SEM_EXECUTE_*
public final class SemExecute {
    /** What to do with a semaphore. */
    public enum Operation {
        /** Waits until the value equals the payload. */
        ACQUIRE,
        /** Writes the payload. */
        RELEASE,
        /** Waits until the value is at least the payload, unsigned. */
        ACQ_STRICT_GEQ,
        /** Waits until the value is at most half a range ahead of the payload. */
        ACQ_CIRC_GEQ,
        /** Waits until the value and the payload have a one in common. */
        ACQ_AND,
        /** Waits until the value and the payload have a zero in common. */
        ACQ_NOR,
        /** Changes the value by a {@link Reduction}. */
        REDUCTION;

        private static final List<Operation> ALL = List.of(values());
    }

    /** The operation's code. */
    public static final Reg.Bits OPERATION = HostMethod.SEM_EXECUTE.bits(2, 0);

    /** Another group of channels may run while an acquire waits. */
    public static final Reg.Flag ACQUIRE_SWITCH_TSG = HostMethod.SEM_EXECUTE.flag(12);

    /** A release waits until the engine is idle. */
    public static final Reg.Flag RELEASE_WFI = HostMethod.SEM_EXECUTE.flag(20);

    /** The payload has 64 bits. */
    public static final Reg.Flag PAYLOAD_SIZE_64BIT = HostMethod.SEM_EXECUTE.flag(24);

    /** A release writes a timestamp, 8 bytes behind the payload. */
    public static final Reg.Flag RELEASE_TIMESTAMP = HostMethod.SEM_EXECUTE.flag(25);

    /** The reduction's code. */
    public static final Reg.Bits REDUCTION = HostMethod.SEM_EXECUTE.bits(30, 27);

    /** The reduction is unsigned. */
    public static final Reg.Flag REDUCTION_FORMAT_UNSIGNED = HostMethod.SEM_EXECUTE.flag(31);

    private SemExecute() {}

    /** Data with an operation. */
    public static int of(Operation operation) {
        return OPERATION.set(0, Operation.ALL.indexOf(operation));
    }

    /** The operation, or null if there is none of that code. */
    public static @Nullable Operation operation(int data) {
        int code = OPERATION.get(data);
        return code < Operation.ALL.size() ? Operation.ALL.get(code) : null;
    }
}
