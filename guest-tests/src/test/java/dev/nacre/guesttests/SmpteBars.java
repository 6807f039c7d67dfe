package dev.nacre.guesttests;

/** The test picture that modetest draws unless told otherwise: RP 219's colour bars, as libdrm's tests have them. */
final class SmpteBars {
    private static final int[] TOP = {0xc0c0c0, 0xc0c000, 0x00c0c0, 0x00c000, 0xc000c0, 0xc00000, 0x0000c0};
    private static final int[] MIDDLE = {0x0000c0, 0x131313, 0xc000c0, 0x131313, 0x00c0c0, 0x131313, 0xc0c0c0};
    private static final int[] BOTTOM = {0x00214c, 0xffffff, 0x32006a, 0x131313, 0x090909, 0x131313, 0x1d1d1d, 0x131313
    };

    private SmpteBars() {}

    /** The picture's pixels, opaque. */
    static int[] pixels(int width, int height) {
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = 0xff000000 | colour(x, y, width, height);
            }
        }
        return pixels;
    }

    private static int colour(int x, int y, int width, int height) {
        if (y < height * 6 / 9) {
            return TOP[x * 7 / width];
        }
        if (y < height * 7 / 9) {
            return MIDDLE[x * 7 / width];
        }
        if (x < width * 5 / 7) {
            return BOTTOM[x * 4 / (width * 5 / 7)];
        }
        return x < width * 6 / 7 ? BOTTOM[(x - width * 5 / 7) * 3 / (width / 7) + 4] : BOTTOM[7];
    }
}
