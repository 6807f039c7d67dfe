package dev.nacre.display.rfb;

/**
 * The pointer that viewers draw where their own pointer is: a dot, so that it is not taken for the machine's, which is
 * in the picture and does not follow it.
 */
final class PointerShape {
    /** Pixels on each side. */
    static final int SIDE = 5;

    /** The pixel that points. */
    static final int HOT = 2;

    private static final int INK = 0xff000000;
    private static final int RIM = 0xa0ffffff;
    private static final int OPAQUE_FROM = 0x80;

    private PointerShape() {}

    /** A pixel as {@code 0xAARRGGBB}, not premultiplied. */
    static int argb(int x, int y) {
        int distance = Math.max(Math.abs(x - HOT), Math.abs(y - HOT));
        return distance < HOT ? INK : RIM;
    }

    /** Whether viewers without alpha show a pixel. */
    static boolean isOpaque(int x, int y) {
        return (argb(x, y) >>> 24) >= OPAQUE_FROM;
    }
}
