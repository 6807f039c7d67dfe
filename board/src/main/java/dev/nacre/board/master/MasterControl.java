package dev.nacre.board.master;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.regs.Pextdev;
import dev.nacre.hw.regs.Pmc;

/** Says which chip this is, that it is a physical function and little-endian, and what the board's straps are. */
public final class MasterControl {
    /** Address of PMC. */
    public static final int PMC_BASE = 0x000000;

    /** Address of the straps. */
    public static final int STRAPS_BASE = 0x101000;

    /** Bytes of each. */
    public static final int SIZE_BYTES = 0x1000;

    private final RegisterBank pmc;
    private final RegisterBank straps;

    /** Makes that of a chip. */
    public MasterControl(Chip chip) {
        pmc = RegisterBank.builder("pmc", PMC_BASE, SIZE_BYTES)
                .constant(Pmc.BOOT_0, chip.boot0())
                .constant(Pmc.BOOT_1, 0)
                .constant(Pmc.BOOT_42, chip.boot42())
                .store(Pmc.ENABLE)
                .store(Pmc.DEVICE_ENABLE)
                .build();
        straps = RegisterBank.builder("straps", STRAPS_BASE, SIZE_BYTES)
                .constant(Pextdev.BOOT_0, Pextdev.BOOT_0.reset())
                .build();
    }

    /** PMC. */
    public RegisterBank pmc() {
        return pmc;
    }

    /** The straps. */
    public RegisterBank straps() {
        return straps;
    }
}
