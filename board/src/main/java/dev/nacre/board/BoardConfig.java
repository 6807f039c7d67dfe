package dev.nacre.board;

import dev.nacre.hw.chip.Chip;

/**
 * What a board is made of.
 *
 * @param chip the chip
 * @param fbBytes size of its memory: a multiple of 64 MiB, from 512 MiB to 48 GiB; only pages in use cost host memory
 * @param heads display heads, 0 to 4; with 0 the display engine is fused off
 */
public record BoardConfig(Chip chip, long fbBytes, int heads) {
    private static final long MIB = 1 << 20;

    /** Smallest memory: the firmware's own regions take about 150 MiB of it. */
    public static final long MIN_FB_BYTES = 512 * MIB;

    /** Largest memory: an L40's. */
    public static final long MAX_FB_BYTES = 48 * 1024 * MIB;

    /** Granularity of the memory's size. */
    public static final long FB_GRANULE_BYTES = 64 * MIB;

    /** Most heads that the chips have. */
    public static final int MAX_HEADS = 4;

    /**
     * Checks the configuration.
     *
     * @throws IllegalArgumentException naming the value and what is allowed
     */
    public BoardConfig {
        if (fbBytes < MIN_FB_BYTES || fbBytes > MAX_FB_BYTES || fbBytes % FB_GRANULE_BYTES != 0) {
            throw new IllegalArgumentException(
                    "Memory size is not possible: fb=" + fbBytes / MIB + "M allowed=512M to 48G in steps of 64M");
        }
        if (heads < 0 || heads > MAX_HEADS) {
            throw new IllegalArgumentException("Number of heads is not possible: heads=" + heads + " allowed=0 to 4");
        }
    }

    /** A board with 2 GiB and one head. */
    public static BoardConfig of(Chip chip) {
        return new BoardConfig(chip, 2048 * MIB, 1);
    }
}
