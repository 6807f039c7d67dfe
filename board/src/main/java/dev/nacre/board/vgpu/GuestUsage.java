package dev.nacre.board.vgpu;

/**
 * A guest GPU's shares of the whole board's engine time in the last second, in hundredths of a percent.
 *
 * @param graphics of the graphics engine's
 * @param copy of the copy engines'
 * @param encoder of the encoders'
 * @param decoder of the decoders'
 */
public record GuestUsage(int graphics, int copy, int encoder, int decoder) {
    /** Nothing was used. */
    public static final GuestUsage NONE = new GuestUsage(0, 0, 0, 0);
}
