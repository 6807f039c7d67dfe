package dev.nacre.testsupport.replay;

/**
 * A register whose value depends on when it is read, so that a replay cannot expect it to be the recorded one.
 *
 * @param offset of the register in BAR0
 * @param count how many registers of the kind there are
 * @param strideBytes from one to the next
 * @param mask the bits that depend on time
 * @param reason why they do
 */
public record TimeLike(int offset, int count, int strideBytes, int mask, String reason) {
    /** Whether an offset in BAR0 is one of the registers'. */
    public boolean matches(long at) {
        long distance = at - offset;
        return distance >= 0 && distance % strideBytes == 0 && distance / strideBytes < count;
    }
}
