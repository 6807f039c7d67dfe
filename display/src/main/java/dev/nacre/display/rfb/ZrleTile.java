package dev.nacre.display.rfb;

import java.util.Arrays;

/**
 * Encodes one tile of ZRLE in the shortest of its forms: one colour, a palette with packed indices, runs with or without
 * a palette, or bare pixels. For one thread; allocates nothing for a tile.
 */
final class ZrleTile {
    /** Pixels on each side of a whole tile. */
    static final int SIDE = 64;

    // HW: RFC 6143, 7.7.6: the subencodings.
    private static final int RAW = 0;
    private static final int PLAIN_RLE = 128;
    private static final int PACKED_COLOURS = 16;
    private static final int RLE_COLOURS = 127;
    private static final int RUN_UNIT = 255;

    private static final int SLOTS = 512;
    private static final int BITS_OF_BYTE = 8;

    private final int[] pixels = new int[SIDE * SIDE];
    private final byte[] bytes = new byte[1 + SIDE * SIDE * Integer.BYTES];
    private final int[] palette = new int[RLE_COLOURS];
    private final int[] slotPixel = new int[SLOTS];
    private final int[] slotIndex = new int[SLOTS];
    private int width;
    private int count;
    private int colours;
    private int runs;
    private int runBytes;
    private int singles;

    /** What the last {@link #encode} made; as many bytes as it said count. */
    byte[] bytes() {
        return bytes;
    }

    /**
     * Encodes a tile.
     *
     * @param from the pixels of the frame, {@code 0x..RRGGBB}
     * @param at where the tile's first pixel is
     * @param stride pixels in a row of the frame
     * @param tileWidth pixels in a row of the tile, 1 to {@link #SIDE}
     * @param tileHeight rows of the tile, 1 to {@link #SIDE}
     * @param writer the viewer's format
     * @return how many bytes it became
     */
    int encode(int[] from, int at, int stride, int tileWidth, int tileHeight, PixelWriter writer) {
        width = tileWidth;
        count = tileWidth * tileHeight;
        for (int y = 0; y < tileHeight; y++) {
            int row = at + y * stride;
            for (int x = 0; x < tileWidth; x++) {
                pixels[y * tileWidth + x] = writer.translate(from[row + x]);
            }
        }
        measure();
        return write(writer);
    }

    /** Counts colours, as far as they matter, and runs. */
    private void measure() {
        Arrays.fill(slotIndex, -1);
        colours = 0;
        runs = 0;
        runBytes = 0;
        singles = 0;
        for (int i = 0; i < count; ) {
            int end = runEnd(i);
            int length = end - i;
            runs++;
            singles += length == 1 ? 1 : 0;
            runBytes += 1 + (length - 1) / RUN_UNIT;
            note(pixels[i]);
            i = end;
        }
    }

    private int runEnd(int start) {
        int pixel = pixels[start];
        int end = start + 1;
        while (end < count && pixels[end] == pixel) {
            end++;
        }
        return end;
    }

    private void note(int pixel) {
        if (colours > RLE_COLOURS) {
            return;
        }
        int slot = slot(pixel);
        if (slotIndex[slot] < 0) {
            if (colours < RLE_COLOURS) {
                palette[colours] = pixel;
                slotPixel[slot] = pixel;
                slotIndex[slot] = colours;
            }
            colours++;
        }
    }

    /** Where a pixel is among the known ones, or would be. At most a quarter of the slots is ever taken. */
    private int slot(int pixel) {
        int slot = (pixel * 0x9e3779b1) >>> 23;
        while (slotIndex[slot] >= 0 && slotPixel[slot] != pixel) {
            slot = (slot + 1) % SLOTS;
        }
        return slot;
    }

    private int write(PixelWriter writer) {
        int pixelBytes = writer.bytesPerPackedPixel();
        if (colours == 1) {
            bytes[0] = 1;
            return writer.putPacked(pixels[0], bytes, 1);
        }
        int rawBytes = count * pixelBytes;
        int rleBytes = runs * pixelBytes + runBytes;
        int best = Math.min(rawBytes, rleBytes);
        if (colours <= RLE_COLOURS) {
            int paletteBytes = colours * pixelBytes;
            int indexedRuns = paletteBytes + runs + runBytes - singles;
            int packed = colours <= PACKED_COLOURS ? paletteBytes + packedBytes() : Integer.MAX_VALUE;
            if (Math.min(packed, indexedRuns) < best) {
                return packed <= indexedRuns ? packed(writer) : indexedRuns(writer);
            }
        }
        return rleBytes < rawBytes ? plainRuns(writer) : raw(writer);
    }

    private int bitsPerIndex() {
        if (colours == 2) {
            return 1;
        }
        return colours <= 4 ? 2 : 4;
    }

    private int packedBytes() {
        int rowBytes = (width * bitsPerIndex() + BITS_OF_BYTE - 1) / BITS_OF_BYTE;
        return rowBytes * (count / width);
    }

    private int palette(int subencoding, PixelWriter writer) {
        bytes[0] = (byte) subencoding;
        int at = 1;
        for (int i = 0; i < colours; i++) {
            at = writer.putPacked(palette[i], bytes, at);
        }
        return at;
    }

    private int packed(PixelWriter writer) {
        int at = palette(colours, writer);
        int bits = bitsPerIndex();
        for (int row = 0; row < count; row += width) {
            int held = 0;
            int free = BITS_OF_BYTE;
            for (int x = 0; x < width; x++) {
                free -= bits;
                held |= slotIndex[slot(pixels[row + x])] << free;
                if (free == 0) {
                    bytes[at++] = (byte) held;
                    held = 0;
                    free = BITS_OF_BYTE;
                }
            }
            if (free < BITS_OF_BYTE) {
                bytes[at++] = (byte) held;
            }
        }
        return at;
    }

    private int indexedRuns(PixelWriter writer) {
        int at = palette(PLAIN_RLE + colours, writer);
        for (int i = 0; i < count; ) {
            int end = runEnd(i);
            int index = slotIndex[slot(pixels[i])];
            if (end - i == 1) {
                bytes[at++] = (byte) index;
            } else {
                bytes[at++] = (byte) (index | PLAIN_RLE);
                at = length(end - i, at);
            }
            i = end;
        }
        return at;
    }

    private int plainRuns(PixelWriter writer) {
        bytes[0] = (byte) PLAIN_RLE;
        int at = 1;
        for (int i = 0; i < count; ) {
            int end = runEnd(i);
            at = length(end - i, writer.putPacked(pixels[i], bytes, at));
            i = end;
        }
        return at;
    }

    private int length(int run, int at) {
        int left = run - 1;
        int next = at;
        while (left >= RUN_UNIT) {
            bytes[next++] = (byte) RUN_UNIT;
            left -= RUN_UNIT;
        }
        bytes[next++] = (byte) left;
        return next;
    }

    private int raw(PixelWriter writer) {
        bytes[0] = RAW;
        int at = 1;
        for (int i = 0; i < count; i++) {
            at = writer.putPacked(pixels[i], bytes, at);
        }
        return at;
    }
}
