package dev.nacre.display.rfb;

import dev.nacre.display.rfb.ClientMessage.Input;
import dev.nacre.display.rfb.ClientMessage.SetDesktopSize;
import dev.nacre.display.rfb.ClientMessage.SetEncodings;
import dev.nacre.display.rfb.ClientMessage.SetPixelFormat;
import dev.nacre.display.rfb.ClientMessage.UpdateRequest;
import dev.nacre.display.rfb.PixelFormat.Place;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what a viewer says, message by message. Keeps nothing that is as long as the viewer says. */
final class ClientMessages {
    // HW: RFC 6143, 7.5, and the community's register of RFB numbers for the last two.
    private static final int SET_PIXEL_FORMAT = 0;
    private static final int SET_ENCODINGS = 2;
    private static final int UPDATE_REQUEST = 3;
    private static final int KEY = 4;
    private static final int POINTER = 5;
    private static final int CUT_TEXT = 6;
    private static final int SET_DESKTOP_SIZE = 251;
    private static final int QEMU = 255;
    private static final int QEMU_EXTENDED_KEY = 0;

    private static final int KEY_BYTES = 7;
    private static final int POINTER_BYTES = 5;
    private static final int EXTENDED_KEY_BYTES = 10;
    private static final int SCREEN_BYTES = 16;

    /** Clipboards longer than this end the session; they are not kept, but reading them takes time. */
    static final int MAX_CUT_TEXT_BYTES = 1 << 24;

    private final DataInputStream in;

    ClientMessages(DataInputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next message.
     *
     * @return null if the viewer has said its last
     * @throws RfbProtocolException if it is none
     * @throws IOException if the stream ends within it
     */
    @Nullable
    ClientMessage next() throws IOException {
        int type = in.read();
        return switch (type) {
            case -1 -> null;
            case SET_PIXEL_FORMAT -> pixelFormat();
            case SET_ENCODINGS -> encodings();
            case UPDATE_REQUEST -> updateRequest();
            case KEY -> input(KEY_BYTES);
            case POINTER -> input(POINTER_BYTES);
            case CUT_TEXT -> cutText();
            case SET_DESKTOP_SIZE -> desktopSize();
            case QEMU -> qemu();
            default -> throw new RfbProtocolException("Unknown message " + type);
        };
    }

    private SetPixelFormat pixelFormat() throws IOException {
        in.skipNBytes(3);
        int bitsPerPixel = in.readUnsignedByte();
        int depth = in.readUnsignedByte();
        boolean bigEndian = in.readUnsignedByte() != 0;
        boolean trueColour = in.readUnsignedByte() != 0;
        int redMax = in.readUnsignedShort();
        int greenMax = in.readUnsignedShort();
        int blueMax = in.readUnsignedShort();
        Place red = new Place(redMax, in.readUnsignedByte());
        Place green = new Place(greenMax, in.readUnsignedByte());
        Place blue = new Place(blueMax, in.readUnsignedByte());
        in.skipNBytes(3);
        if (!trueColour) {
            if (bitsPerPixel != PixelFormat.RGB_332.bitsPerPixel()) {
                throw new RfbProtocolException("No colour map of " + bitsPerPixel + " bits");
            }
            return new SetPixelFormat(PixelFormat.RGB_332, true);
        }
        PixelFormat format = new PixelFormat(bitsPerPixel, depth, bigEndian, red, green, blue);
        if (!format.isPossible()) {
            throw new RfbProtocolException("No format: " + format);
        }
        return new SetPixelFormat(format, false);
    }

    private SetEncodings encodings() throws IOException {
        in.skipNBytes(1);
        return new SetEncodings(Encodings.read(in.readUnsignedShort(), in));
    }

    private UpdateRequest updateRequest() throws IOException {
        boolean incremental = in.readUnsignedByte() != 0;
        int x = in.readUnsignedShort();
        int y = in.readUnsignedShort();
        int width = in.readUnsignedShort();
        return new UpdateRequest(incremental, new Area(x, y, width, in.readUnsignedShort()));
    }

    private Input input(int bytes) throws IOException {
        in.skipNBytes(bytes);
        return new Input();
    }

    private Input cutText() throws IOException {
        in.skipNBytes(3);
        int bytes = in.readInt();
        if (bytes < 0 || bytes > MAX_CUT_TEXT_BYTES) {
            throw new RfbProtocolException("Clipboard of " + Integer.toUnsignedString(bytes) + " bytes");
        }
        in.skipNBytes(bytes);
        return new Input();
    }

    private SetDesktopSize desktopSize() throws IOException {
        in.skipNBytes(5);
        int screens = in.readUnsignedByte();
        in.skipNBytes(1 + (long) screens * SCREEN_BYTES);
        return new SetDesktopSize();
    }

    private Input qemu() throws IOException {
        int kind = in.readUnsignedByte();
        if (kind != QEMU_EXTENDED_KEY) {
            throw new RfbProtocolException("Unknown message " + QEMU + "." + kind);
        }
        return input(EXTENDED_KEY_BYTES);
    }
}
