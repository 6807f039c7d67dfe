package dev.nacre.bench;

import dev.nacre.display.rfb.RfbLimits;
import dev.nacre.display.rfb.RfbScreen;
import dev.nacre.display.rfb.RfbServer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A viewer that counts what it is shown, and asks for more at once. */
final class RfbViewer {
    // HW: RFC 6143, 7.1 to 7.7.
    private static final int VERSION_BYTES = 12;
    private static final int SECURITY_NONE = 1;
    private static final int SERVER_INIT_BYTES = 24;
    private static final int SET_ENCODINGS = 2;
    private static final int UPDATE_REQUEST = 3;
    private static final int UPDATE = 0;
    private static final int PIXEL_BYTES = 4;

    // As fast as it goes: the screen is asked for the next picture when the viewer has the one before.
    private static final RfbLimits LIMITS = new RfbLimits(
            1, 1000, RfbLimits.defaults().handshake(), RfbLimits.defaults().stall());

    private final DataInputStream in;
    private final DataOutputStream out;
    private long bytes;

    private RfbViewer(Socket socket) throws IOException {
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /** How rectangles are sent. */
    enum Encoding {
        /** Pixels as they are. */
        RAW(0),
        /** Compressed tiles. */
        ZRLE(16);

        private final int number;

        Encoding(int number) {
            this.number = number;
        }
    }

    /**
     * What a viewer saw.
     *
     * @param frames updates
     * @param bytes of these updates
     * @param seconds how long it looked
     */
    record Seen(long frames, long bytes, double seconds) {
        double framesPerSecond() {
            return frames / seconds;
        }

        double bytesPerFrame() {
            return (double) bytes / Math.max(1, frames);
        }
    }

    /** Looks at scrolling text, over a TCP socket of the loopback interface, for a time. */
    static Seen watch(Encoding encoding, Duration time) throws IOException {
        try (RfbScreen screen = new RfbScreen(new ScrollingText(), LIMITS);
                RfbServer server = RfbServer.onLoopback(screen, 0);
                Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect((InetSocketAddress) server.address());
            return new RfbViewer(socket).watch(encoding.number, time);
        }
    }

    private Seen watch(int encoding, Duration time) throws IOException {
        int size = shakeHands(encoding);
        request(false, size);
        readUpdate();
        bytes = 0;
        long frames = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < time.toNanos()) {
            request(true, size);
            readUpdate();
            frames++;
        }
        return new Seen(frames, bytes, (System.nanoTime() - start) / 1e9);
    }

    /** Returns width and height, 16 bits each. */
    private int shakeHands(int encoding) throws IOException {
        out.write(in.readNBytes(VERSION_BYTES));
        out.flush();
        in.skipNBytes(in.readUnsignedByte());
        out.writeByte(SECURITY_NONE);
        out.flush();
        if (in.readInt() != 0) {
            throw new IOException("The screen lets nobody in");
        }
        out.writeByte(1);
        out.flush();
        int size = in.readInt();
        in.skipNBytes(SERVER_INIT_BYTES - 2 * Integer.BYTES);
        String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        if (name.isEmpty()) {
            throw new IOException("A screen without a name");
        }
        out.writeByte(SET_ENCODINGS);
        out.writeByte(0);
        out.writeShort(1);
        out.writeInt(encoding);
        return size;
    }

    private void request(boolean incremental, int size) throws IOException {
        out.writeByte(UPDATE_REQUEST);
        out.writeByte(incremental ? 1 : 0);
        out.writeInt(0);
        out.writeInt(size);
        out.flush();
    }

    private void readUpdate() throws IOException {
        int type = in.readUnsignedByte();
        if (type != UPDATE) {
            throw new IOException("Not an update: " + type);
        }
        in.skipNBytes(1);
        int rectangles = in.readUnsignedShort();
        bytes += 2 * Short.BYTES;
        for (int i = 0; i < rectangles; i++) {
            in.skipNBytes(2 * Short.BYTES);
            int width = in.readUnsignedShort();
            int height = in.readUnsignedShort();
            boolean raw = in.readInt() == Encoding.RAW.number;
            int length = raw ? width * height * PIXEL_BYTES : in.readInt();
            in.skipNBytes(length);
            bytes += 4 * Short.BYTES + Integer.BYTES + (raw ? 0 : Integer.BYTES) + length;
        }
    }
}
