package dev.nacre.testsupport.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes with little-endian numbers in them, at any alignment. */
final class Words {
    private final ByteBuffer buffer;

    Words(byte[] bytes) {
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    Words(int sizeBytes) {
        this(new byte[sizeBytes]);
    }

    int size() {
        return buffer.capacity();
    }

    byte[] bytes() {
        return buffer.array();
    }

    int byteAt(int at) {
        return buffer.get(at) & 0xff;
    }

    int shortAt(int at) {
        return buffer.getShort(at) & 0xffff;
    }

    int intAt(int at) {
        return buffer.getInt(at);
    }

    long longAt(int at) {
        return buffer.getLong(at);
    }

    byte[] bytesAt(int at, int count) {
        byte[] bytes = new byte[count];
        buffer.get(at, bytes);
        return bytes;
    }

    /** A text up to its NUL, or {@code most} bytes. */
    String textAt(int at, int most) {
        int end = at;
        while (end < at + most && buffer.get(end) != 0) {
            end++;
        }
        return new String(bytesAt(at, end - at), StandardCharsets.ISO_8859_1);
    }

    void putByte(int at, int value) {
        buffer.put(at, (byte) value);
    }

    void putShort(int at, int value) {
        buffer.putShort(at, (short) value);
    }

    void putInt(int at, int value) {
        buffer.putInt(at, value);
    }

    void putLong(int at, long value) {
        buffer.putLong(at, value);
    }

    void putBytes(int at, byte[] bytes) {
        buffer.put(at, bytes);
    }
}
