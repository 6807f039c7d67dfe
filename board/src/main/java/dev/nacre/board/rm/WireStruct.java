package dev.nacre.board.rm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A structure as it lies in memory: little-endian, any alignment. Sizes come from guests and layouts from tables, so the
 * two may disagree: what lies beyond the end reads as zero and swallows writes.
 */
public final class WireStruct {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int start;
    private final int length;

    private WireStruct(byte[] bytes, int start, int length) {
        this.bytes = bytes;
        this.start = start;
        this.length = length;
    }

    /** A structure of zeros. */
    public static WireStruct ofSize(int length) {
        return new WireStruct(new byte[length], 0, length);
    }

    /** A structure over bytes; both see each other's changes. */
    public static WireStruct over(byte[] bytes) {
        return new WireStruct(bytes, 0, bytes.length);
    }

    /** A part of this structure, cut off at its end; both see each other's changes. */
    public WireStruct part(int offset, int partLength) {
        int from = Math.clamp(offset, 0, length);
        return new WireStruct(bytes, start + from, Math.clamp(partLength, 0, length - from));
    }

    /** Bytes. */
    public int length() {
        return length;
    }

    private boolean has(int offset, int count) {
        return offset >= 0 && offset <= length - count;
    }

    /** 8 bits, unsigned. */
    public int get8(int offset) {
        return has(offset, 1) ? bytes[start + offset] & 0xff : 0;
    }

    /** 32 bits. */
    public int get32(int offset) {
        return has(offset, 4) ? (int) INT.get(bytes, start + offset) : 0;
    }

    /** 64 bits. */
    public long get64(int offset) {
        return has(offset, 8) ? (long) LONG.get(bytes, start + offset) : 0;
    }

    /** Sets 8 bits. */
    public void put8(int offset, int value) {
        if (has(offset, 1)) {
            bytes[start + offset] = (byte) value;
        }
    }

    /** Sets 16 bits. */
    public void put16(int offset, int value) {
        if (has(offset, 2)) {
            SHORT.set(bytes, start + offset, (short) value);
        }
    }

    /** Sets 32 bits. */
    public void put32(int offset, int value) {
        if (has(offset, 4)) {
            INT.set(bytes, start + offset, value);
        }
    }

    /** Sets 64 bits. */
    public void put64(int offset, long value) {
        if (has(offset, 8)) {
            LONG.set(bytes, start + offset, value);
        }
    }

    /** Sets bytes, as many as fit. */
    public void put(int offset, byte[] value) {
        WireStruct target = part(offset, value.length);
        System.arraycopy(value, 0, bytes, target.start, target.length);
    }

    /** Sets a text and a zero byte, cut to a field's size. */
    public void putText(int offset, String text, int fieldBytes) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        put(offset, Arrays.copyOf(ascii, Math.min(ascii.length, fieldBytes - 1)));
        put8(offset + Math.min(ascii.length, fieldBytes - 1), 0);
    }

    /** Copies from another structure from the start of both, as much as both have. */
    public void putAll(WireStruct other) {
        System.arraycopy(other.bytes, other.start, bytes, start, Math.min(length, other.length));
    }

    /** Zeroes it all. */
    public void clear() {
        Arrays.fill(bytes, start, start + length, (byte) 0);
    }

    /** A copy of its bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, start, start + length);
    }
}
