package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Encodes rectangles as ZRLE: tiles, compressed by one zlib stream that lasts as long as the viewer. For one thread. */
final class ZrleEncoder implements AutoCloseable {
    // Most of a screen of text vanishes in the tiles' own forms; zlib's fast level takes a third of its default's time.
    private static final int LEVEL = 2;
    private static final int FIRST_BYTES = 1 << 16;

    private final ZrleTile tile = new ZrleTile();
    private final Deflater deflater = new Deflater(LEVEL);
    private byte[] compressed = new byte[FIRST_BYTES];
    private int length;

    /** Writes the contents of a rectangle: their length, then they. */
    void write(Frame frame, Area area, PixelWriter writer, DataOutputStream out) throws IOException {
        length = 0;
        for (int y = area.y(); y < area.bottom(); y += ZrleTile.SIDE) {
            int tileHeight = Math.min(ZrleTile.SIDE, area.bottom() - y);
            for (int x = area.x(); x < area.right(); x += ZrleTile.SIDE) {
                int tileWidth = Math.min(ZrleTile.SIDE, area.right() - x);
                int bytes = tile.encode(
                        frame.pixels(), y * frame.width() + x, frame.width(), tileWidth, tileHeight, writer);
                deflater.setInput(tile.bytes(), 0, bytes);
                while (!deflater.needsInput()) {
                    deflate(Deflater.NO_FLUSH);
                }
            }
        }
        // All of the rectangle must reach the viewer now: what is still held is pressed out.
        boolean full;
        do {
            full = deflate(Deflater.SYNC_FLUSH);
        } while (full);
        out.writeInt(length);
        out.write(compressed, 0, length);
    }

    /** Takes more output; returns whether there may be even more. */
    private boolean deflate(int flush) {
        if (length == compressed.length) {
            compressed = Arrays.copyOf(compressed, 2 * compressed.length);
        }
        int room = compressed.length - length;
        int made = deflater.deflate(compressed, length, room, flush);
        length += made;
        return made == room;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
