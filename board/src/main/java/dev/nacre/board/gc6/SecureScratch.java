package dev.nacre.board.gc6;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.regs.Pgc6;

/** What the board's boot firmware has left: that it is done, and how large the memory is. */
public final class SecureScratch {
    /** Address of its registers. */
    public static final int BASE = 0x118000;

    /** Bytes of its registers. */
    public static final int SIZE_BYTES = 0x1000;

    private final RegisterBank registers;

    /**
     * Makes it.
     *
     * @param fbBytes size of the board's memory
     */
    public SecureScratch(long fbBytes) {
        registers = RegisterBank.builder("pgc6", BASE, SIZE_BYTES)
                .constant(Pgc6.BSI_SECURE_SCRATCH_14, Pgc6.BSI_SECURE_SCRATCH_14.reset())
                .constant(
                        Pgc6.AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK,
                        Pgc6.AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK.reset())
                .computed(Pgc6.AON_SECURE_SCRATCH_GROUP_05, index -> index == 0 ? Pgc6.GFW_BOOT_PROGRESS_COMPLETED : 0)
                .constant(Pgc6.AON_SECURE_SCRATCH_GROUP_42, (int) (fbBytes >> 20))
                .build();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }
}
