package dev.nacre.board.timer;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.regs.Ptimer;
import java.util.function.LongSupplier;

/**
 * PTIMER: the board's time in nanoseconds, which drivers may set. It runs on from where it was when the board is
 * restored. The time may be asked by any thread.
 */
public final class Timer implements Stateful {
    /** Address of its registers. */
    public static final int BASE = 0x009000;

    /** Bytes of its registers. */
    public static final int SIZE_BYTES = 0x1000;

    // HW: open-gpu-kernel-modules published/ampere/ga100/dev_vm.h TIME_0_NSEC 31:5, TIME_1_NSEC 28:0
    private static final long TIME_MASK = 0x1fff_ffff_ffff_ffe0L;

    private final LongSupplier clockNs;
    private final RegisterBank registers;
    private volatile long offsetNs;

    /**
     * Starts at zero.
     *
     * @param clockNs nanoseconds that never go back, from any start
     */
    public Timer(LongSupplier clockNs) {
        this.clockNs = clockNs;
        this.registers = RegisterBank.builder("ptimer", BASE, SIZE_BYTES)
                .store(Ptimer.INTR_0, Ptimer.INTR_EN_0)
                .constant(Ptimer.TIME_PRIV_LEVEL_MASK, Ptimer.TIME_PRIV_LEVEL_MASK.reset())
                .computed(Ptimer.TIME_0, () -> (int) timeNs(), (index, old, value) -> writeLow(value))
                .computed(Ptimer.TIME_1, () -> (int) (timeNs() >>> 32), (index, old, value) -> writeHigh(value))
                .build();
        reset();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }

    /** The board's time, a multiple of 32 ns. */
    public long timeNs() {
        return (clockNs.getAsLong() + offsetNs) & TIME_MASK;
    }

    @Override
    public String stateName() {
        return "timer";
    }

    @Override
    public void save(StateWriter out) {
        StateWriter bank = new StateWriter();
        registers.save(bank);
        out.put("registers", bank);
        out.put("time", timeNs());
    }

    @Override
    public void restore(StateReader in) {
        long timeNs = in.longValue("time");
        registers.restore(in.group("registers"));
        set(timeNs);
    }

    @Override
    public void reset() {
        registers.reset();
        set(0);
    }

    private int writeLow(int value) {
        set((timeNs() & 0xffff_ffff_0000_0000L) | Integer.toUnsignedLong(value));
        return 0;
    }

    private int writeHigh(int value) {
        set((timeNs() & 0xffff_ffffL) | (long) value << 32);
        return 0;
    }

    private void set(long timeNs) {
        offsetNs = timeNs - clockNs.getAsLong();
    }
}
