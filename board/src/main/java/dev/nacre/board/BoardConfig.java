package dev.nacre.board;

import dev.nacre.board.hal.ChipHal;
import dev.nacre.hw.chip.Chip;

/**
 * What a board is made of.
 *
 * @param chip the chip
 * @param fbBytes size of its memory: a multiple of {@link #fbGranuleBytes}, from 512 MiB to 48 GiB; only pages in use
 *     cost host memory
 * @param heads display heads, 0 to {@link #maxHeads}; with 0 the display engine is fused off
 */
public record BoardConfig(Chip chip, long fbBytes, int heads) {
    private static final long MIB = 1 << 20;

    /** Smallest memory: the firmware's own regions take about 150 MiB of it. */
    public static final long MIN_FB_BYTES = 512 * MIB;

    /** Largest memory: an L40's. */
    public static final long MAX_FB_BYTES = 48 * 1024 * MIB;

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
        if (fbBytes < MIN_FB_BYTES || fbBytes > MAX_FB_BYTES || fbBytes % granule != 0) {
            throw new IllegalArgumentException("Memory size is not possible: chip=" + chip.id() + " fb=" + fbBytes / MIB
                    + "M allowed=" + Math.max(granule, MIN_FB_BYTES) / MIB + "M to 48G in steps of " + granule / MIB
                    + "M");
        }
        int most = maxHeads(chip);
        if (heads < 0 || heads > most) {
            throw new IllegalArgumentException(
                    "Number of heads is not possible: chip=" + chip.id() + " heads=" + heads + " allowed=0 to " + most);
        }
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
