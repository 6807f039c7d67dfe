package dev.nacre.testsupport.driver;

import dev.nacre.hw.regs.Pbus;

/** Reaches the board's memory through the window in BAR0: works from power-on, 1 MiB at a time. */
final class Pramin extends WindowAccess {
    // HW: open-gpu-kernel-modules published/turing/tu102/dev_bus.h and dev_ram.h: NV_PRAMIN 0x007FFFFF:0x00700000.
    private static final int WINDOW = 0x700000;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int BASE_SHIFT = 16;

    private final Registers registers;
    private long base = -1;

    Pramin(RegionView bar0, Registers registers) {
        super(bar0);
        this.registers = registers;
    }

    /** Moves the window if need be; gives the offset in BAR0. */
    @Override
    long place(long address, int count) {
        if (base < 0 || address < base || address + count > base + WINDOW_BYTES) {
            base = address >>> BASE_SHIFT << BASE_SHIFT;
            registers.write(Pbus.BAR0_WINDOW, Pbus.BAR0_WINDOW_BASE.set(0, (int) (base >>> BASE_SHIFT)));
        }
        return WINDOW + (address - base);
    }
}
