package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/** PGC6, the always-on island: where the boot firmware of the board leaves its results. */
// HW: open-gpu-kernel-modules published/ampere/ga102/dev_gc6_island.h and dev_gc6_island_addendum.h
public final class Pgc6 {
    /** Progress of the boot stages after a power-down. */
    public static final Reg BSI_SECURE_SCRATCH_14 = Reg.ro("NV_PGC6_BSI_SECURE_SCRATCH_14", 0x1180f8, 1 << 26);

    /** Stage 3 has handed over. */
    public static final Reg.Flag BSI_SECURE_SCRATCH_14_BOOT_STAGE_3_HANDOFF = BSI_SECURE_SCRATCH_14.flag(26);

    /** Who may read scratch group 5. */
    public static final Reg AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK =
            Reg.ro("NV_PGC6_AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK", 0x118128, 1);

    /** Everybody may. */
    public static final Reg.Flag AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK_READ_PROTECTION_LEVEL0 =
            AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK.flag(0);

    /** Scratch group 5; the first holds the progress of the board's boot firmware (GFW). */
    public static final RegArray AON_SECURE_SCRATCH_GROUP_05 =
            new RegArray(Reg.ro("NV_PGC6_AON_SECURE_SCRATCH_GROUP_05", 0x118234), 4, 4);

    /** Progress; 0xff = complete. */
    public static final Reg.Bits AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS =
            AON_SECURE_SCRATCH_GROUP_05.at(0).bits(7, 0);

    /** Value of {@link #AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS} when the firmware has finished. */
    public static final int GFW_BOOT_PROGRESS_COMPLETED = 0xff;

    /** Size of the memory in MiB (NV_USABLE_FB_SIZE_IN_MB). */
    public static final Reg AON_SECURE_SCRATCH_GROUP_42 = Reg.ro("NV_PGC6_AON_SECURE_SCRATCH_GROUP_42", 0x1183a4);

    private Pgc6() {}
}
