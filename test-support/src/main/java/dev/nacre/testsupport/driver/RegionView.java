package dev.nacre.testsupport.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Typed, little-endian access to one region. One thread. */
final class RegionView {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GpuTransport transport;
    private final int region;
    private final long sizeBytes;
    private final MemorySegment scratch;

    /** A view of a region, with buffers that live as long as the arena. */
    RegionView(GpuTransport transport, int region, Arena arena) {
        this.transport = transport;
        this.region = region;
        this.sizeBytes = transport.regionSizeBytes(region);
        this.scratch = arena.allocate(8, 8);
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int byteAt(long offset) {
        transport.read(region, offset, scratch, 0, 1);
        return scratch.get(ValueLayout.JAVA_BYTE, 0) & 0xff;
    }

    int shortAt(long offset) {
        transport.read(region, offset, scratch, 0, 2);
        return scratch.get(SHORT, 0) & 0xffff;
    }

    int intAt(long offset) {
        transport.read(region, offset, scratch, 0, 4);
        return scratch.get(INT, 0);
    }

    long longAt(long offset) {
        transport.read(region, offset, scratch, 0, 8);
        return scratch.get(LONG, 0);
    }

    byte[] bytesAt(long offset, int count) {
        byte[] bytes = new byte[count];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(count, 8);
            transport.read(region, offset, buffer, 0, count);
            MemorySegment.copy(buffer, 0, MemorySegment.ofArray(bytes), 0, count);
        }
        return bytes;
    }

    void putByte(long offset, int value) {
        scratch.set(ValueLayout.JAVA_BYTE, 0, (byte) value);
        transport.write(region, offset, scratch, 0, 1);
    }

    void putShort(long offset, int value) {
        scratch.set(SHORT, 0, (short) value);
        transport.write(region, offset, scratch, 0, 2);
    }

    void putInt(long offset, int value) {
        scratch.set(INT, 0, value);
        transport.write(region, offset, scratch, 0, 4);
    }

    void putLong(long offset, long value) {
        scratch.set(LONG, 0, value);
        transport.write(region, offset, scratch, 0, 8);
    }

    void putBytes(long offset, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(bytes.length, 8);
            MemorySegment.copy(MemorySegment.ofArray(bytes), 0, buffer, 0, bytes.length);
            transport.write(region, offset, buffer, 0, bytes.length);
        }
    }
}
