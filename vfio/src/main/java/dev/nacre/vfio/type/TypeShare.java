package dev.nacre.vfio.type;

/**
 * What a type has of its board besides memory.
 *
 * @param maxInstances how many of it a board can have: 1 to 48
 * @param ecc whether it works on a board whose memory corrects errors
 * @param encoderPercent its share of the encoder
 */
public record TypeShare(int maxInstances, boolean ecc, int encoderPercent) {
    /** Its share of the engines' time where shares are fixed, in hundredths of a percent. */
    public int fixedEngineShare() {
        return 10_000 / maxInstances;
    }
}
