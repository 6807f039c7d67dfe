package dev.nacre.display;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes pictures as PNG (ISO/IEC 15948): 8-bit RGB, each row with the "up" filter, which suits screens of text. By
 * itself, because the JDK's own writer would bring all of java.desktop.
 */
public final class PngWriter {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] RGB_8 = {8, 2, 0, 0, 0};
    private static final int FILTER_UP = 2;
    private static final int RGB_BYTES = 3;

    private PngWriter() {}

    /**
     * Writes a picture; its alpha is left out. The stream stays open.
     *
     * @throws IOException if the stream fails
     */
    public static void write(Frame frame, OutputStream out) throws IOException {
        out.write(SIGNATURE);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(header);
        fields.writeInt(frame.width());
        fields.writeInt(frame.height());
        fields.write(RGB_8);
        chunk(out, "IHDR", header.toByteArray());
        chunk(out, "IDAT", compressed(frame));
        chunk(out, "IEND", new byte[0]);
        out.flush();
    }

    private static byte[] compressed(Frame frame) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
        try (DeflaterOutputStream rows = new DeflaterOutputStream(bytes, deflater)) {
            byte[] above = new byte[RGB_BYTES * frame.width()];
            byte[] row = new byte[RGB_BYTES * frame.width()];
            byte[] filtered = new byte[RGB_BYTES * frame.width()];
            for (int y = 0; y < frame.height(); y++) {
                for (int x = 0; x < frame.width(); x++) {
                    int pixel = frame.pixels()[y * frame.width() + x];
                    row[RGB_BYTES * x] = (byte) (pixel >> 16);
                    row[RGB_BYTES * x + 1] = (byte) (pixel >> 8);
                    row[RGB_BYTES * x + 2] = (byte) pixel;
                }
                for (int i = 0; i < row.length; i++) {
                    filtered[i] = (byte) (row[i] - above[i]);
                }
                rows.write(FILTER_UP);
                rows.write(filtered);
                byte[] swap = above;
                above = row;
                row = swap;
            }
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void chunk(OutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        DataOutputStream fields = new DataOutputStream(out);
        fields.writeInt(data.length);
        fields.write(name);
        fields.write(data);
        fields.writeInt((int) crc.getValue());
        fields.flush();
    }
}
