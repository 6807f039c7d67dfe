package dev.nacre.board.state;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The named values of one part of the board, being written. */
public final class StateWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /** Makes an empty one. */
    public StateWriter() {}

    /** Puts a number. */
    public void put(String name, long value) {
        put(name, java.nio.ByteBuffer.allocate(8).putLong(value).array());
    }

    /** Puts a truth value. */
    public void put(String name, boolean value) {
        put(name, value ? 1 : 0);
    }

    /** Puts numbers of 32 bits. */
    public void put(String name, int[] values) {
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocate(4 * values.length);
        buffer.asIntBuffer().put(values);
        put(name, buffer.array());
    }

    /** Puts bytes. */
    public void put(String name, byte[] value) {
        try {
            out.writeUTF(name);
            out.writeInt(value.length);
            out.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a nested group, such as one object of many. */
    public void put(String name, StateWriter group) {
        put(name, group.toByteArray());
    }

    /** All that was put. */
    public byte[] toByteArray() {
        return bytes.toByteArray();
    }
}
