package dev.nacre.display.rfb;

/** Translates pixels into a viewer's format. For one thread. */
final class PixelWriter {
    private final PixelFormat format;
    private final PixelFormat.Packed packed;
    private final int[] red;
    private final int[] green;
    private final int[] blue;

    PixelWriter(PixelFormat format) {
        this.format = format;
        this.packed = format.packed();
        this.red = format.red().table();
        this.green = format.green().table();
        this.blue = format.blue().table();
    }

    PixelFormat format() {
        return format;
    }

    int bytesPerPixel() {
        return format.bytesPerPixel();
    }

    int bytesPerPackedPixel() {
        return packed.bytes();
    }

    /** The pixel for a colour {@code 0x..RRGGBB}. */
    int translate(int rgb) {
        return red[(rgb >> 16) & 0xff] | green[(rgb >> 8) & 0xff] | blue[rgb & 0xff];
    }

    /** Writes a translated pixel; returns where the next goes. */
    int put(int pixel, byte[] to, int at) {
        return put(pixel, to, at, 0, format.bytesPerPixel());
    }

    /** Writes a translated pixel without the byte that says nothing; returns where the next goes. */
    int putPacked(int pixel, byte[] to, int at) {
        return put(pixel, to, at, packed.skip(), packed.bytes());
    }

    private int put(int pixel, byte[] to, int at, int skip, int bytes) {
        int last = format.bytesPerPixel() - 1;
        for (int i = 0; i < bytes; i++) {
            int place = format.bigEndian() ? last - skip - i : skip + i;
            to[at + i] = (byte) (pixel >> (8 * place));
        }
        return at + bytes;
    }
}
