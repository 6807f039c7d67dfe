package dev.nacre.testsupport.rfb;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * A pixel format of true colour.
 *
 * @param bits bits of a pixel: 8, 16 or 32
 * @param depth how many matter
 * @param bigEndian the order of its bytes
 * @param max the greatest red, green and blue
 * @param shift where they are
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record RfbPixels(int bits, int depth, boolean bigEndian, int[] max, int[] shift) {
    /** What servers offer as a rule. */
    public static RfbPixels rgb888() {
        return of(32, 24, false, 255, 16, 255, 8, 255, 0);
    }

    /** A format: the greatest value and the place of red, green and blue. */
    public static RfbPixels of(int bits, int depth, boolean bigEndian, int... places) {
        return new RfbPixels(bits, depth, bigEndian, new int[] {places[0], places[2], places[4]}, new int[] {
            places[1], places[3], places[5]
        });
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(bits);
        out.writeByte(depth);
        out.writeBoolean(bigEndian);
        out.writeBoolean(true);
        for (int m : max) {
            out.writeShort(m);
        }
        for (int s : shift) {
            out.writeByte(s);
        }
        out.write(new byte[3]);
    }

    static RfbPixels read(DataInputStream in) throws IOException {
        int bits = in.readUnsignedByte();
        int depth = in.readUnsignedByte();
        boolean bigEndian = in.readBoolean();
        if (!in.readBoolean()) {
            throw new IOException("Not of true colour");
        }
        int[] max = {in.readUnsignedShort(), in.readUnsignedShort(), in.readUnsignedShort()};
        int[] shift = {in.readUnsignedByte(), in.readUnsignedByte(), in.readUnsignedByte()};
        in.skipNBytes(3);
        return new RfbPixels(bits, depth, bigEndian, max, shift);
    }

    /** A whole pixel, as the number it stands for. */
    int readPixel(DataInputStream in) throws IOException {
        return readBytes(in, bits / 8, 0);
    }

    /** A pixel as ZRLE has it: of three bytes if a fourth says nothing. */
    int readCpixel(DataInputStream in) throws IOException {
        long used = 0;
        for (int i = 0; i < 3; i++) {
            used |= (long) max[i] << shift[i];
        }
        if (bits == 32 && depth <= 24) {
            boolean fitsLow = used < 1L << 24;
            boolean fitsHigh = used % 256 == 0;
            if (fitsLow && (!bigEndian || !fitsHigh)) {
                return readBytes(in, 3, 0);
            }
            if (fitsHigh) {
                return readBytes(in, 3, 8);
            }
        }
        return readPixel(in);
    }

    private int readBytes(DataInputStream in, int count, int shiftUp) throws IOException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            int b = in.readUnsignedByte();
            value = bigEndian ? (value << 8) | b : value | (b << (8 * i));
        }
        return value << shiftUp;
    }

    /** The colour {@code 0xRRGGBB} that a pixel stands for, each part spread over 0 to 255. */
    public int rgb(int pixel) {
        int rgb = 0;
        for (int i = 0; i < 3; i++) {
            int part = (pixel >>> shift[i]) & max[i];
            rgb = (rgb << 8) | (max[i] == 0 ? 0 : (int) (part * 255L / max[i]));
        }
        return rgb;
    }

    /** The nearest pixel to a colour {@code 0xRRGGBB}. */
    public int nearest(int rgb) {
        int pixel = 0;
        for (int i = 0; i < 3; i++) {
            int part = (rgb >> (16 - 8 * i)) & 0xff;
            pixel |= (int) Math.round(part * max[i] / 255.0) << shift[i];
        }
        return pixel;
    }
}
