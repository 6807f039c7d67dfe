package dev.nacre.vfio.type;

/**
 * What the guest of a type can show.
 *
 * @param heads how many heads it has, 0 to 4
 * @param maxWidth pixels of the largest picture of a head; 0 without heads
 * @param maxHeight lines of it
 * @param frameRateLimit frames in a second at the most; 0 for no limit
 */
public record TypeDisplay(int heads, int maxWidth, int maxHeight, int frameRateLimit) {}
