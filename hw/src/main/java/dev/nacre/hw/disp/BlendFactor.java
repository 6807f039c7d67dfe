package dev.nacre.hw.disp;

/**
 * Factors that a colour is multiplied by when layers are composed: {@code source x factor + destination x factor}. All
 * values are 0 to 255 for 0 to 1.
 */
// HW: nouveau nvhw/class/clc37e.h: NVC37E_SET_COMPOSITION_FACTOR_SELECT; clc37d.h: CONTROL_CURSOR_COMPOSITION
public final class BlendFactor {
    /** 0. */
    public static final int ZERO = 0;

    /** 1. */
    public static final int ONE = 1;

    /** Constant K1. */
    public static final int K1 = 2;

    /** Constant K2. */
    public static final int K2 = 3;

    /** 1 - K1. */
    public static final int NEG_K1 = 4;

    /** K1 x the source's alpha. */
    public static final int K1_TIMES_SRC = 5;

    /** K1 x the destination's alpha. */
    public static final int K1_TIMES_DST = 6;

    /** 1 - K1 x the source's alpha. */
    public static final int NEG_K1_TIMES_SRC = 7;

    /** 1 - K1 x the destination's alpha. */
    public static final int NEG_K1_TIMES_DST = 8;

    private BlendFactor() {}

    /**
     * The factor's value over an opaque destination; 0 for a factor that does not exist.
     *
     * @param factor one of the constants
     * @param k1 constant K1
     * @param k2 constant K2
     * @param sourceAlpha the source pixel's alpha
     */
    public static int value(int factor, int k1, int k2, int sourceAlpha) {
        return switch (factor) {
            case ONE -> 255;
            case K1, K1_TIMES_DST -> k1;
            case K2 -> k2;
            case NEG_K1, NEG_K1_TIMES_DST -> 255 - k1;
            case K1_TIMES_SRC -> product(k1, sourceAlpha);
            case NEG_K1_TIMES_SRC -> 255 - product(k1, sourceAlpha);
            default -> 0;
        };
    }

    /** The product of two values, rounded. */
    public static int product(int a, int b) {
        return (a * b + 127) / 255;
    }
}
