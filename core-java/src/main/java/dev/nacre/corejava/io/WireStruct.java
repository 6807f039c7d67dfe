package dev.nacre.corejava.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Bytes that are made for the GPU, field by field. Little-endian; zero where nothing was put. One thread. */
public final class WireStruct {
    private final byte[] bytes;
    private final ByteBuffer buffer;

    /** A structure of so many bytes. */
    public WireStruct(int size) {
        this.bytes = new byte[size];
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts 8 bits. */
    public WireStruct put8(int at, int value) {
        bytes[at] = (byte) value;
        return this;
    }

    /** Puts 32 bits. */
    public WireStruct put32(int at, int value) {
        buffer.putInt(at, value);
        return this;
    }

    /** Puts 64 bits. */
    public WireStruct put64(int at, long value) {
        buffer.putLong(at, value);
        return this;
    }

    /** Puts bytes. */
    public WireStruct put(int at, byte[] content) {
        buffer.put(at, content);
        return this;
    }

    /** What was put: not a copy, so that a reply can take the place of a request. */
    public byte[] bytes() {
        return bytes;
    }
}
