package dev.nacre.testsupport.rfb;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes ZRLE as RFC 6143, 7.7.6 describes it. */
final class ZrleDecoder implements AutoCloseable {
    private static final int SIDE = 64;

    private final Inflater inflater = new Inflater();

    /** Decodes a rectangle's bytes into pixels of it, row by row. */
    int[] decode(byte[] compressed, int width, int height, RfbPixels format) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(inflate(compressed)));
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y += SIDE) {
            for (int x = 0; x < width; x += SIDE) {
                int w = Math.min(SIDE, width - x);
                int h = Math.min(SIDE, height - y);
                int[] tile = tile(in, w, h, format);
                for (int row = 0; row < h; row++) {
                    System.arraycopy(tile, row * w, pixels, (y + row) * width + x, w);
                }
            }
        }
        if (in.read() >= 0) {
            throw new IOException("More than the tiles of a rectangle");
        }
        return pixels;
    }

    private byte[] inflate(byte[] compressed) throws IOException {
        inflater.setInput(compressed);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[1 << 14];
        try {
            for (int got = inflater.inflate(part); got > 0; got = inflater.inflate(part)) {
                all.write(part, 0, got);
            }
        } catch (DataFormatException e) {
            throw new IOException("No zlib stream", e);
        }
        if (!inflater.needsInput()) {
            throw new IOException("The zlib stream ends within a rectangle");
        }
        return all.toByteArray();
    }

    private static int[] tile(DataInputStream in, int width, int height, RfbPixels format) throws IOException {
        int kind = in.readUnsignedByte();
        int[] tile = new int[width * height];
        if (kind == 0) {
            for (int i = 0; i < tile.length; i++) {
                tile[i] = format.readCpixel(in);
            }
        } else if (kind <= 16) {
            packed(in, palette(in, kind, format), width, tile);
        } else if (kind == 128) {
            for (int i = 0; i < tile.length; ) {
                int pixel = format.readCpixel(in);
                i = run(tile, i, length(in), pixel);
            }
        } else if (kind >= 130) {
            int[] palette = palette(in, kind - 128, format);
            for (int i = 0; i < tile.length; ) {
                int index = in.readUnsignedByte();
                i = run(tile, i, index < 128 ? 1 : length(in), palette[index & 127]);
            }
        } else {
            throw new IOException("No subencoding " + kind);
        }
        return tile;
    }

    private static int[] palette(DataInputStream in, int size, RfbPixels format) throws IOException {
        int[] palette = new int[size];
        for (int i = 0; i < size; i++) {
            palette[i] = format.readCpixel(in);
        }
        return palette;
    }

    private static void packed(DataInputStream in, int[] palette, int width, int[] tile) throws IOException {
        int bits = switch (palette.length) {
            case 1 -> 0;
            case 2 -> 1;
            case 3, 4 -> 2;
            default -> 4;
        };
        for (int row = 0; row < tile.length; row += width) {
            int held = 0;
            int left = 0;
            for (int x = 0; x < width; x++) {
                if (left < bits) {
                    held = in.readUnsignedByte();
                    left = 8;
                }
                left -= bits;
                tile[row + x] = palette[(held >> left) & ((1 << bits) - 1)];
            }
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = 1;
        int b;
        do {
            b = in.readUnsignedByte();
            length += b;
        } while (b == 255);
        return length;
    }

    private static int run(int[] tile, int from, int length, int pixel) throws IOException {
        if (length > tile.length - from) {
            throw new IOException("A run beyond its tile");
        }
        for (int i = from; i < from + length; i++) {
            tile[i] = pixel;
        }
        return from + length;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
