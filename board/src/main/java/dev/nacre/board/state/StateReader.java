package dev.nacre.board.state;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The named values of one part of the board, being read. Order does not matter; every read checks. */
public final class StateReader {
    private final Map<String, byte[]> values = new LinkedHashMap<>();

    /**
     * Reads what a {@link StateWriter} wrote.
     *
     * @throws StateException if the bytes are none of its
     */
    public StateReader(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            while (in.hasRemaining()) {
                byte[] name = new byte[Short.toUnsignedInt(in.getShort())];
                in.get(name);
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new StateException("Saved value is cut off: length=" + length + " left=" + in.remaining());
                }
                byte[] value = new byte[length];
                in.get(value);
                values.put(new String(name, StandardCharsets.UTF_8), value);
            }
        } catch (BufferUnderflowException e) {
            throw new StateException("Saved state is cut off: length=" + bytes.length);
        }
    }

    /** Whether there is such a value. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A number. */
    public long longValue(String name) {
        return ByteBuffer.wrap(bytes(name, 8)).getLong();
    }

    /** A number of 32 bits. */
    public int intValue(String name) {
        return (int) longValue(name);
    }

    /** A truth value. */
    public boolean booleanValue(String name) {
        return longValue(name) != 0;
    }

    /** Numbers of 32 bits, exactly as many as {@code into} has. */
    public void ints(String name, int[] into) {
        ByteBuffer.wrap(bytes(name, 4 * into.length)).asIntBuffer().get(into);
    }

    /** Bytes of any length. */
    public byte[] bytes(String name) {
        byte[] value = values.get(name);
        if (value == null) {
            throw new StateException("Saved state lacks a value: name=" + name + " present=" + values.keySet());
        }
        return value;
    }

    /** Bytes of a known length. */
    public byte[] bytes(String name, int length) {
        byte[] value = bytes(name);
        if (value.length != length) {
            throw new StateException(
                    "Saved value has a wrong size: name=" + name + " length=" + value.length + " expected=" + length);
        }
        return value;
    }

    /** A nested group. */
    public StateReader group(String name) {
        return new StateReader(bytes(name));
    }
}
