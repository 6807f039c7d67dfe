package dev.nacre.display.rfb;

/**
 * How a viewer wants its pixels: a number of bytes, in which each colour has a place.
 *
 * @param bitsPerPixel 8, 16 or 32
 * @param depth how many of them matter, as the viewer says
 * @param bigEndian whether the first byte is the most significant one
 * @param red red's place
 * @param green green's place
 * @param blue blue's place
 */
record PixelFormat(int bitsPerPixel, int depth, boolean bigEndian, Place red, Place green, Place blue) {
    /** What a viewer gets that asks for nothing: 32 bits with red on top, in the order of our processors. */
    static final PixelFormat RGB_888 =
            new PixelFormat(32, 24, false, new Place(255, 16), new Place(255, 8), new Place(255, 0));

    /** What a viewer with a colour map gets: its map is filled so that these pixels mean what they say. */
    static final PixelFormat RGB_332 = new PixelFormat(8, 8, false, new Place(7, 5), new Place(7, 2), new Place(3, 0));

    private static final int COLOURS = 256;
    private static final int LOW_24 = 0xffffff;

    /**
     * A colour's place.
     *
     * @param max its greatest value: a power of two, less one
     * @param shift how far it is shifted
     */
    record Place(int max, int shift) {
        boolean fits(int bitsPerPixel) {
            return (max & (max + 1)) == 0 && shift + Integer.bitCount(max) <= bitsPerPixel;
        }

        int mask() {
            return max << shift;
        }

        /** The bits of each value from 0 to 255. */
        int[] table() {
            int[] bits = new int[COLOURS];
            for (int i = 0; i < COLOURS; i++) {
                bits[i] = ((i * max + 127) / 255) << shift;
            }
            return bits;
        }
    }

    /** Whether it can be: the colours have room. */
    boolean isPossible() {
        return (bitsPerPixel == 8 || bitsPerPixel == 16 || bitsPerPixel == 32)
                && red.fits(bitsPerPixel)
                && green.fits(bitsPerPixel)
                && blue.fits(bitsPerPixel);
    }

    int bytesPerPixel() {
        return bitsPerPixel / 8;
    }

    /** The place of a packed pixel's bytes in a whole pixel: ZRLE leaves out a fourth byte that says nothing. */
    Packed packed() {
        int used = red.mask() | green.mask() | blue.mask();
        // HW: RFC 6143, 7.7.5: a CPIXEL has three bytes if the format is of true colour with 32 bits, a depth of 24
        // or less, and all colours lie in the lower or in the upper three bytes.
        if (bitsPerPixel != 32 || depth > 24) {
            return new Packed(0, bytesPerPixel());
        }
        boolean low = (used & ~LOW_24) == 0;
        boolean high = (used & 0xff) == 0;
        if ((low && !bigEndian) || (high && bigEndian)) {
            return new Packed(0, 3);
        }
        return low || high ? new Packed(1, 3) : new Packed(0, 4);
    }

    /**
     * Which bytes of a pixel a packed one has.
     *
     * @param skip how many bytes are left out before them
     * @param bytes how many there are
     */
    record Packed(int skip, int bytes) {}
}
