package dev.nacre.board;

import dev.nacre.board.hal.ChipHal;
import dev.nacre.hw.chip.Chip;

/**
 * What a board is made of.
 *
 * @param chip the chip
 * @param fbBytes size of its memory: a multiple of {@link #fbGranuleBytes}, from 512 MiB to {@link #maxFbBytes}; only pages
 *     in use cost host memory
 * @param heads display heads, 0 to {@link #maxHeads}; with 0 the display engine is fused off
 * @param vfs how many virtual functions it can have, 0 to {@link #maxVfs}; with any it needs 2 GiB
 * @param ecc whether its memory tells that it corrects errors; all of it stays usable
 */
public record BoardConfig(Chip chip, long fbBytes, int heads, int vfs, boolean ecc) {
    private static final long MIB = 1 << 20;

    /** Smallest memory: the firmware's own regions take about 150 MiB of it. */
    public static final long MIN_FB_BYTES = 512 * MIB;

    private static final long MIN_FB_WITH_VFS_BYTES = 2048 * MIB;

    private static final long FB_GRANULE_BYTES = 64 * MIB;

    // HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c (r535_gsp_get_static_info_fb) reckons what the firmware keeps of memory
    // modulo 4 GiB if it has not laid it out itself, and saves as much at a suspend or power-off.
    private static final long FB_GRANULE_FSP_BYTES = 4096 * MIB;

    private static final long DEFAULT_FB_BYTES = 2048 * MIB;

    /**
     * Checks the configuration.
     *
     * @throws IllegalArgumentException naming the value and what is allowed
     */
    public BoardConfig {
        long granule = fbGranuleBytes(chip);
        if (fbBytes < MIN_FB_BYTES || fbBytes > maxFbBytes(chip) || fbBytes % granule != 0) {
            throw new IllegalArgumentException("Memory size is not possible: chip=" + chip.id() + " fb=" + fbBytes / MIB
                    + "M allowed=" + Math.max(granule, MIN_FB_BYTES) / MIB + "M to "
                    + maxFbBytes(chip) / MIB / 1024 + "G in steps of " + granule / MIB
                    + "M");
        }
        int most = maxHeads(chip);
        if (heads < 0 || heads > most) {
            throw new IllegalArgumentException(
                    "Number of heads is not possible: chip=" + chip.id() + " heads=" + heads + " allowed=0 to " + most);
        }
        int mostVfs = fbBytes < MIN_FB_WITH_VFS_BYTES ? 0 : maxVfs(chip);
        if (vfs < 0 || vfs > mostVfs) {
            throw new IllegalArgumentException("Number of virtual functions is not possible: chip=" + chip.id() + " fb="
                    + fbBytes / MIB + "M vfs=" + vfs + " allowed=0 to " + mostVfs);
        }
    }

    /** A board without virtual functions. */
    public BoardConfig(Chip chip, long fbBytes, int heads) {
        this(chip, fbBytes, heads, 0);
    }

    /** A board whose memory corrects no errors. */
    public BoardConfig(Chip chip, long fbBytes, int heads, int vfs) {
        this(chip, fbBytes, heads, vfs, false);
    }

    /**
     * The same board, but for how many virtual functions it can have.
     *
     * @throws IllegalArgumentException if it cannot have so many
     */
    public BoardConfig withVfs(int count) {
        return new BoardConfig(chip, fbBytes, heads, count, ecc);
    }

    /** The same board, but for whether its memory corrects errors. */
    public BoardConfig withEcc(boolean corrects) {
        return new BoardConfig(chip, fbBytes, heads, vfs, corrects);
    }

    /** A board with 2 GiB, or the least that the chip can have if that is more, and a head if the chip has any. */
    public static BoardConfig of(Chip chip) {
        return new BoardConfig(chip, defaultFbBytes(chip), defaultHeads(chip));
    }

    /** Memory of a board of a chip unless somebody says otherwise. */
    public static long defaultFbBytes(Chip chip) {
        return Math.max(DEFAULT_FB_BYTES, fbGranuleBytes(chip));
    }

    /** Heads of a board of a chip unless somebody says otherwise. */
    public static int defaultHeads(Chip chip) {
        return Math.min(1, maxHeads(chip));
    }

    /** Largest memory of a board of a chip. */
    public static long maxFbBytes(Chip chip) {
        // HW: that of an L40; an RTX PRO 6000 Blackwell has 96 GB
        return switch (chip) {
            case AD102, GA102, GH100 -> 48 * 1024 * MIB;
            case GB202 -> 96 * 1024 * MIB;
        };
    }

    /** Most virtual functions that a board of a chip can have; 0 if it has no SR-IOV. */
    public static int maxVfs(Chip chip) {
        // HW: open-gpu-kernel-modules: vGPUs of a GPU; 48 on the boards with GB202
        return switch (chip) {
            case AD102 -> 32;
            case GB202 -> 48;
            case GA102, GH100 -> 0;
        };
    }

    /** Granularity of the memory's size with a chip. */
    public static long fbGranuleBytes(Chip chip) {
        return switch (chip.bootPath()) {
            case BOOTER -> FB_GRANULE_BYTES;
            case FSP -> FB_GRANULE_FSP_BYTES;
        };
    }

    /** Most heads that a board of a chip can have; 0 if it has no display engine. */
    public static int maxHeads(Chip chip) {
        return ChipHal.of(chip).maxHeads();
    }
}
