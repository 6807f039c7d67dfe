package dev.nacre.display.rfb;

import dev.nacre.display.Pointer;

/**
 * The pointer that viewers draw where their own pointer is, if they are not to draw the machine's: a dot, so that it is not
 * taken for the machine's, which does not follow it.
 */
final class PointerShape {
    /** Pixels on each side. */
    static final int SIDE = 5;

    /** The pixel that points. */
    static final int HOT = 2;

    private static final int INK = 0xff000000;
    // White, multiplied.
    private static final int RIM = 0xa0a0a0a0;

    private PointerShape() {}

    /** The dot. */
    static Pointer dot() {
        int[] pixels = new int[SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            int distance = Math.max(Math.abs(i % SIDE - HOT), Math.abs(i / SIDE - HOT));
            pixels[i] = distance < HOT ? INK : RIM;
        }
        return new Pointer(0, 0, SIDE, pixels, HOT, HOT);
    }
}
