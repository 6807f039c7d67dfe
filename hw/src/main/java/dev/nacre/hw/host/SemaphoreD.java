package dev.nacre.hw.host;

import dev.nacre.hw.reg.Reg;

/** Data of {@link HostMethod#SEMAPHORED}: semaphores of 32 bits as older channel classes have them. */
// HW: open-gpu-kernel-modules class/clc56f.h, NVC56F_SEMAPHORED_*
public final class SemaphoreD {
    /** The operation's code. */
    public static final Reg.Bits OPERATION = HostMethod.SEMAPHORED.bits(4, 0);

    /** Waits until the value equals the payload. */
    public static final int OPERATION_ACQUIRE = 0x01;

    /** Writes the payload. */
    public static final int OPERATION_RELEASE = 0x02;

    /** Waits until the value is at most half a range ahead of the payload. */
    public static final int OPERATION_ACQ_GEQ = 0x04;

    /** Waits until the value and the payload have a one in common. */
    public static final int OPERATION_ACQ_AND = 0x08;

    /** Changes the value by a {@link Reduction}. */
    public static final int OPERATION_REDUCTION = 0x10;

    /** A release writes the payload only, without a timestamp. */
    public static final Reg.Flag RELEASE_SIZE_4BYTE = HostMethod.SEMAPHORED.flag(24);

    /** The reduction's code. */
    public static final Reg.Bits REDUCTION = HostMethod.SEMAPHORED.bits(30, 27);

    /** The reduction is unsigned. */
    public static final Reg.Flag FORMAT_UNSIGNED = HostMethod.SEMAPHORED.flag(31);

    private SemaphoreD() {}
}
