package dev.nacre.board.timer;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.regs.VirtualFunction;
import java.util.function.IntConsumer;

/** The page of a function that user programs map: the time, and the doorbell of the host engine. */
public final class Usermode {
    /** Address in a physical function's BAR0. */
    public static final int BASE = VirtualFunction.BASE + VirtualFunction.USERMODE_OFFSET;

    /** Where the page also is: its place in a virtual function's BAR0. */
    public static final int ALIAS_BASE = VirtualFunction.USERMODE_OFFSET;

    /** Bytes of the page. */
    // HW: open-gpu-kernel-modules clc361.h (usermode class: 64 KiB)
    public static final int SIZE_BYTES = 0x10000;

    private final RegisterBank registers;

    /**
     * Makes the page.
     *
     * @param timer the board's time
     * @param doorbell takes tokens of channels, on the socket's thread
     */
    public Usermode(Timer timer, IntConsumer doorbell) {
        registers = RegisterBank.builder("usermode", BASE, SIZE_BYTES)
                .computed(VirtualFunction.TIME_0, () -> (int) timer.timeNs())
                .computed(VirtualFunction.TIME_1, () -> (int) (timer.timeNs() >>> 32))
                .onWrite(VirtualFunction.DOORBELL, (index, old, value) -> {
                    doorbell.accept(value);
                    return 0;
                })
                .build();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }
}
