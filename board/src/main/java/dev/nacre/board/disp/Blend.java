package dev.nacre.board.disp;

import dev.nacre.hw.disp.BlendFactor;

/**
 * How a layer is put over what lies behind it.
 *
 * @param k1 constant K1, 0 to 255
 * @param k2 constant K2, 0 to 255
 * @param source {@link BlendFactor} of the layer's colour
 * @param destination {@link BlendFactor} of the colour behind
 */
record Blend(int k1, int k2, int source, int destination) {
    private static final int OPAQUE = 0xff000000;

    /** As SET_COMPOSITION_CONSTANT_ALPHA and SET_COMPOSITION_FACTOR_SELECT have it. */
    static Blend ofWindow(int constants, int factors) {
        return new Blend(constants & 0xff, constants >> 8 & 0xff, factors & 0xf, factors >> 8 & 0xf);
    }

    /** As HEAD_SET_CONTROL_CURSOR_COMPOSITION has it. */
    static Blend ofCursor(int composition) {
        return new Blend(composition & 0xff, 0, composition >> 8 & 0xf, composition >> 12 & 0xf);
    }

    /**
     * The colour that is seen, opaque.
     *
     * @param over the layer's pixel, {@code 0xAARRGGBB}
     * @param under the pixel behind it, opaque
     */
    int apply(int over, int under) {
        int alpha = over >>> 24;
        int overFactor = BlendFactor.value(source, k1, k2, alpha);
        int underFactor = BlendFactor.value(destination, k1, k2, alpha);
        if (overFactor == 255 && underFactor == 0) {
            return over | OPAQUE;
        }
        return OPAQUE
                | part(over >> 16, overFactor, under >> 16, underFactor) << 16
                | part(over >> 8, overFactor, under >> 8, underFactor) << 8
                | part(over, overFactor, under, underFactor);
    }

    /** A layer's pixel as {@link #over} takes it: its colours multiplied, and as alpha what it takes of what lies behind. */
    int multiplied(int pixel) {
        int alpha = pixel >>> 24;
        int factor = BlendFactor.value(source, k1, k2, alpha);
        return (255 - BlendFactor.value(destination, k1, k2, alpha)) << 24
                | BlendFactor.product(pixel >> 16 & 0xff, factor) << 16
                | BlendFactor.product(pixel >> 8 & 0xff, factor) << 8
                | BlendFactor.product(pixel & 0xff, factor);
    }

    /** The colour that is seen of a multiplied pixel over another, opaque: what {@link #apply} gives. */
    static int over(int multiplied, int under) {
        int underFactor = 255 - (multiplied >>> 24);
        return OPAQUE
                | part(multiplied >> 16, 255, under >> 16, underFactor) << 16
                | part(multiplied >> 8, 255, under >> 8, underFactor) << 8
                | part(multiplied, 255, under, underFactor);
    }

    private static int part(int over, int overFactor, int under, int underFactor) {
        return Math.min(
                255, BlendFactor.product(over & 0xff, overFactor) + BlendFactor.product(under & 0xff, underFactor));
    }
}
