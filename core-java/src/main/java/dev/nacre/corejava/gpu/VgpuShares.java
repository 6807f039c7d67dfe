package dev.nacre.corejava.gpu;

/**
 * How busy a virtual GPU kept engines in a second, in hundredths of a percent, 0 to 10,000.
 *
 * @param graphics the graphics engine
 * @param copy the copy engines
 * @param encoder the encoder
 * @param decoder the decoder
 */
public record VgpuShares(int graphics, int copy, int encoder, int decoder) {
    /** Idle. */
    public static final VgpuShares NONE = new VgpuShares(0, 0, 0, 0);
}
