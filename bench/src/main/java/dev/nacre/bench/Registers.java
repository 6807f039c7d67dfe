package dev.nacre.bench;

import dev.nacre.hw.regs.Pbus;

/** What the register measurements touch. */
final class Registers {
    /** The BAR of the registers. */
    static final int BAR0 = 0;

    /** NV_PMC_BOOT_0: the chip's identity. */
    static final long BOOT_0 = 0x000000;

    /** A register that only remembers: where the PRAMIN window is. */
    static final long WINDOW = Pbus.BAR0_WINDOW.offset();

    /** PCI: the command register, and its bits that let the function answer and reach memory. */
    static final long COMMAND = 0x04;

    static final int COMMAND_MEMORY_AND_MASTER = 0x0006;

    private Registers() {}
}
