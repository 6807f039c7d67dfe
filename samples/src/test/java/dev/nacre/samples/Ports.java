package dev.nacre.samples;

import dev.nacre.pci.PciFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A region of a function, read and written as a transport does it. */
final class Ports {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PciFunction function;
    private final int region;

    Ports(PciFunction function, int region) {
        this.function = function;
        this.region = region;
    }

    /** Reads a little-endian value of 1 to 8 bytes. */
    long read(long offset, int bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(Long.BYTES);
            function.read(region, offset, value, 0, bytes);
            return value.get(LONG, 0);
        }
    }

    /** Writes a little-endian value of 1 to 8 bytes. */
    void write(long offset, int bytes, long value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(Long.BYTES);
            source.set(LONG, 0, value);
            function.write(region, offset, source, 0, bytes);
        }
    }
}
