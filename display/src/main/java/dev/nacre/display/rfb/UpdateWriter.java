package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import dev.nacre.display.Pointer;
import dev.nacre.display.rfb.Update.SizeNews;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes what a viewer is sent. For one thread. */
final class UpdateWriter implements AutoCloseable {
    private static final int FRAMEBUFFER_UPDATE = 0;
    private static final int SET_COLOUR_MAP_ENTRIES = 1;
    private static final int MAP_COLOURS = 256;
    // HW: the community's register of RFB numbers, ExtendedDesktopSize: whose wish it was, and what became of it.
    private static final int BY_SERVER = 0;
    private static final int BY_VIEWER = 1;
    private static final int DONE = 0;
    private static final int PROHIBITED = 1;
    private static final int NAME_BYTES = 256;

    /** Alpha of what viewers without alpha show. */
    private static final int OPAQUE_FROM = 0x80;

    private final DataOutputStream out;
    private final ZrleEncoder zrle = new ZrleEncoder();
    private PixelWriter pixels = new PixelWriter(PixelFormat.RGB_888);
    private byte[] row = new byte[0];

    /** Writes to a stream that holds back until it is flushed, which happens at the end of each call here. */
    UpdateWriter(DataOutputStream out) {
        this.out = out;
    }

    /** Ends the handshake: the size, the format until the viewer asks for another, and the name. */
    void init(Frame frame, String name) throws IOException {
        out.writeShort(frame.width());
        out.writeShort(frame.height());
        PixelFormat format = PixelFormat.RGB_888;
        out.writeByte(format.bitsPerPixel());
        out.writeByte(format.depth());
        out.writeBoolean(format.bigEndian());
        out.writeBoolean(true);
        out.writeShort(format.red().max());
        out.writeShort(format.green().max());
        out.writeShort(format.blue().max());
        out.writeByte(format.red().shift());
        out.writeByte(format.green().shift());
        out.writeByte(format.blue().shift());
        out.write(new byte[3]);
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int bytes = Math.min(text.length, NAME_BYTES);
        out.writeInt(bytes);
        out.write(text, 0, bytes);
        out.flush();
    }

    /**
     * Writes an update.
     *
     * @return how many rectangles it had
     */
    int write(Update update) throws IOException {
        if (!pixels.format().equals(update.format())) {
            pixels = new PixelWriter(update.format());
        }
        if (update.map()) {
            colourMap();
        }
        boolean size = update.size() != SizeNews.NONE;
        int rectangles = update.areas().size() + (size ? 1 : 0);
        rectangles += (update.pointer().isPresent() ? 1 : 0) + (update.at().isPresent() ? 1 : 0);
        out.writeByte(FRAMEBUFFER_UPDATE);
        out.writeByte(0);
        out.writeShort(rectangles);
        if (size) {
            size(update);
        }
        if (update.pointer().isPresent()) {
            shape(update.pointer().get(), update.encodings());
        }
        if (update.at().isPresent()) {
            position(update.at().get(), update);
        }
        for (Area area : update.areas()) {
            head(area.x(), area.y(), area.width(), area.height());
            if (update.encodings().zrle()) {
                out.writeInt(Encodings.ZRLE);
                zrle.write(update.frame(), area, pixels, out);
            } else {
                out.writeInt(Encodings.RAW);
                raw(update.frame(), area);
            }
        }
        out.flush();
        return rectangles;
    }

    private void head(int x, int y, int width, int height) throws IOException {
        out.writeShort(x);
        out.writeShort(y);
        out.writeShort(width);
        out.writeShort(height);
    }

    private void raw(Frame frame, Area area) throws IOException {
        int bytes = area.width() * pixels.bytesPerPixel();
        if (row.length < bytes) {
            row = new byte[bytes];
        }
        for (int y = area.y(); y < area.bottom(); y++) {
            int at = 0;
            for (int x = area.x(); x < area.right(); x++) {
                at = pixels.put(pixels.translate(frame.pixels()[y * frame.width() + x]), row, at);
            }
            out.write(row, 0, bytes);
        }
    }

    private void size(Update update) throws IOException {
        int width = update.frame().width();
        int height = update.frame().height();
        if (!update.encodings().extendedResize()) {
            head(0, 0, width, height);
            out.writeInt(Encodings.DESKTOP_SIZE);
            return;
        }
        boolean refused = update.size() == SizeNews.REFUSED;
        head(refused ? BY_VIEWER : BY_SERVER, refused ? PROHIBITED : DONE, width, height);
        out.writeInt(Encodings.EXTENDED_DESKTOP_SIZE);
        // One screen, number 0, as large as all.
        out.writeInt(1 << 24);
        out.writeInt(0);
        head(0, 0, width, height);
        out.writeInt(0);
    }

    private void position(Pointer pointer, Update update) throws IOException {
        head(
                Math.clamp(
                        (long) pointer.x() + pointer.hotX(), 0, update.frame().width() - 1),
                Math.clamp(
                        (long) pointer.y() + pointer.hotY(), 0, update.frame().height() - 1),
                0,
                0);
        out.writeInt(update.encodings().position());
    }

    private void shape(Pointer shape, Encodings encodings) throws IOException {
        head(shape.hotX(), shape.hotY(), shape.width(), shape.height());
        if (encodings.alphaPointer()) {
            out.writeInt(Encodings.CURSOR_WITH_ALPHA);
            out.writeInt(Encodings.RAW);
            for (int pixel : shape.pixels()) {
                out.writeInt(pixel << 8 | pixel >>> 24);
            }
            return;
        }
        out.writeInt(Encodings.CURSOR);
        byte[] bytes = new byte[Integer.BYTES];
        for (int pixel : shape.pixels()) {
            out.write(bytes, 0, pixels.put(pixels.translate(unmultiplied(pixel)), bytes, 0));
        }
        for (int y = 0; y < shape.height(); y++) {
            byte[] mask = new byte[(shape.width() + 7) / 8];
            for (int x = 0; x < shape.width(); x++) {
                if (shape.pixels()[y * shape.width() + x] >>> 24 >= OPAQUE_FROM) {
                    mask[x / 8] |= (byte) (0x80 >> x % 8);
                }
            }
            out.write(mask);
        }
    }

    private static int unmultiplied(int pixel) {
        int alpha = Math.max(1, pixel >>> 24);
        int colour = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            colour |= Math.min(255, (pixel >> shift & 0xff) * 255 / alpha) << shift;
        }
        return colour;
    }

    private void colourMap() throws IOException {
        out.writeByte(SET_COLOUR_MAP_ENTRIES);
        out.writeByte(0);
        out.writeShort(0);
        out.writeShort(MAP_COLOURS);
        PixelFormat format = PixelFormat.RGB_332;
        for (int i = 0; i < MAP_COLOURS; i++) {
            for (PixelFormat.Place place : new PixelFormat.Place[] {format.red(), format.green(), format.blue()}) {
                out.writeShort(((i >> place.shift()) & place.max()) * 0xffff / place.max());
            }
        }
    }

    @Override
    public void close() {
        zrle.close();
    }
}
