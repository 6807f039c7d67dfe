package dev.nacre.testsupport.rfb;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A viewer of an RFB screen that checks all it is told. For one thread, except that one may write while another reads.
 */
public final class RfbViewer implements AutoCloseable {
    /** Bare pixels. */
    public static final int RAW = 0;

    /** Tiles, compressed. */
    public static final int ZRLE = 16;

    /** News of the size. */
    public static final int DESKTOP_SIZE = -223;

    /** Where the machine's pointer is. */
    public static final int POINTER_POSITION = -232;

    /** Where the machine's pointer is, by VMware's number. */
    public static final int VMWARE_POINTER_POSITION = 0x574d5666;

    /** The shape of the viewer's pointer. */
    public static final int CURSOR = -239;

    /** News of the size, with a layout of screens. */
    public static final int EXTENDED_DESKTOP_SIZE = -308;

    /** The shape of the viewer's pointer, with alpha. */
    public static final int CURSOR_WITH_ALPHA = -314;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final ZrleDecoder zrle = new ZrleDecoder();
    private RfbPixels format = RfbPixels.rgb888();
    private String name = "";
    private int width;
    private int height;
    private int[] pixels = new int[0];
    private int[] colourMap = new int[0];

    /**
     * A rectangle of an update.
     *
     * @param x its left side, or what else its encoding says there
     * @param y its top, or what else its encoding says there
     * @param width pixels in a row
     * @param height rows
     * @param encoding its encoding
     * @param bytes its contents, if they are no pixels
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Rectangle(int x, int y, int width, int height, int encoding, byte[] bytes) {}

    /** A viewer that speaks to a server by two streams; says nothing yet. */
    public RfbViewer(InputStream in, OutputStream out) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.out = new DataOutputStream(out);
    }

    /**
     * Agrees with a server on a version and on no security.
     *
     * @param minor the version: 3, 7 or 8
     * @throws IOException if it refuses, with its reason, or the stream fails
     */
    public RfbViewer connect(int minor) throws IOException {
        String version = "RFB 003.%03d%n".formatted(minor).replace(System.lineSeparator(), "\n");
        if (!text(12).equals("RFB 003.008\n")) {
            throw new IOException("No RFB 3.8");
        }
        out.writeBytes(version);
        if (minor < 7) {
            expect(1, in.readInt());
        } else {
            int types = in.readUnsignedByte();
            if (types == 0) {
                throw new IOException(text(in.readInt()));
            }
            expect(1, types);
            expect(1, in.readUnsignedByte());
            out.writeByte(1);
            if (minor >= 8) {
                expect(0, in.readInt());
            }
        }
        out.writeByte(1);
        resize(in.readUnsignedShort(), in.readUnsignedShort());
        format = RfbPixels.read(in);
        name = text(in.readInt());
        return this;
    }

    private void expect(int wanted, int got) throws IOException {
        if (wanted == got) {
            return;
        }
        throw new IOException(got == 0 ? text(in.readInt()) : "Expected " + wanted + ", got " + got);
    }

    private String text(int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    }

    private void resize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        pixels = new int[width * height];
        Arrays.fill(pixels, -1);
    }

    /** Asks for pixels in a format. */
    public void pixels(RfbPixels wanted) throws IOException {
        out.write(new byte[4]);
        wanted.write(out);
        format = wanted;
    }

    /** Says that it has a colour map of 256 colours, which an update then fills. */
    public void colourMap() throws IOException {
        out.write(new byte[4]);
        out.write(new byte[] {8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        format = RfbPixels.of(8, 8, false, 255, 0, 0, 0, 0, 0);
    }

    /** Says what it understands, the most liked first. */
    public void encodings(int... encodings) throws IOException {
        out.write(new byte[] {2, 0});
        out.writeShort(encodings.length);
        for (int encoding : encodings) {
            out.writeInt(encoding);
        }
    }

    /** Asks for all of the screen. */
    public void request(boolean incremental) throws IOException {
        request(incremental, 0, 0, width, height);
    }

    /** Asks for a part of the screen. */
    public void request(boolean incremental, int x, int y, int w, int h) throws IOException {
        out.writeByte(3);
        out.writeBoolean(incremental);
        for (int part : new int[] {x, y, w, h}) {
            out.writeShort(part);
        }
        out.flush();
    }

    /** Sends bytes as they are. */
    public void send(int... bytes) throws IOException {
        for (int b : bytes) {
            out.writeByte(b);
        }
        out.flush();
    }

    /**
     * Waits for the next update and takes it in.
     *
     * @throws IOException if it is none
     */
    public List<Rectangle> update() throws IOException {
        int type = in.readUnsignedByte();
        if (type == 1) {
            readColourMap();
            type = in.readUnsignedByte();
        }
        expect(0, type);
        in.skipNBytes(1);
        int count = in.readUnsignedShort();
        List<Rectangle> rectangles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rectangles.add(rectangle());
        }
        return rectangles;
    }

    private void readColourMap() throws IOException {
        in.skipNBytes(1);
        int first = in.readUnsignedShort();
        colourMap = new int[first + in.readUnsignedShort()];
        for (int i = first; i < colourMap.length; i++) {
            int red = in.readUnsignedShort() >> 8;
            int green = in.readUnsignedShort() >> 8;
            int blue = in.readUnsignedShort() >> 8;
            colourMap[i] = (red << 16) | (green << 8) | blue;
        }
    }

    private Rectangle rectangle() throws IOException {
        int x = in.readUnsignedShort();
        int y = in.readUnsignedShort();
        int w = in.readUnsignedShort();
        int h = in.readUnsignedShort();
        int encoding = in.readInt();
        byte[] bytes = new byte[0];
        switch (encoding) {
            case RAW -> {
                int[] part = new int[w * h];
                for (int i = 0; i < part.length; i++) {
                    part[i] = format.readPixel(in);
                }
                put(part, x, y, w, h);
            }
            case ZRLE -> put(zrle.decode(in.readNBytes(in.readInt()), w, h, format), x, y, w, h);
            case CURSOR -> bytes = in.readNBytes(w * h * (format.bits() / 8) + ((w + 7) / 8) * h);
            case CURSOR_WITH_ALPHA -> {
                expect(RAW, in.readInt());
                bytes = in.readNBytes(4 * w * h);
            }
            case POINTER_POSITION, VMWARE_POINTER_POSITION -> expect(0, w + h);
            case DESKTOP_SIZE -> resize(w, h);
            case EXTENDED_DESKTOP_SIZE -> {
                int screens = in.readUnsignedByte();
                bytes = in.readNBytes(3 + 16 * screens);
                if (y == 0 && (w != width || h != height)) {
                    resize(w, h);
                }
            }
            default -> throw new IOException("Unknown encoding " + encoding);
        }
        return new Rectangle(x, y, w, h, encoding, bytes);
    }

    private void put(int[] part, int x, int y, int w, int h) throws IOException {
        if (w == 0 || h == 0 || x + w > width || y + h > height) {
            throw new IOException("A rectangle beyond the screen: %d,%d %dx%d".formatted(x, y, w, h));
        }
        for (int row = 0; row < h; row++) {
            System.arraycopy(part, row * w, pixels, (y + row) * width + x, w);
        }
    }

    /** What the server calls the screen. */
    public String name() {
        return name;
    }

    /** Pixels in a row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** The colours that the screen shows, {@code 0xRRGGBB}, row by row. */
    public int[] rgb() {
        return Arrays.stream(pixels)
                .map(p -> colourMap.length > 0 ? colourMap[p] : format.rgb(p))
                .toArray();
    }

    /** The pixels of the screen in the viewer's format; -1 where nothing has been shown. */
    public int[] shown() {
        return pixels.clone();
    }

    @Override
    public void close() {
        zrle.close();
    }
}
