package dev.nacre.drm.testing;

import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/** Memory of a client that is no process. */
public class TestMemory {
    private final TreeMap<Long, byte[]> memory = new TreeMap<>();
    private long nextAddress = 0x10000;

    /** Nothing is there yet. */
    public TestMemory() {}

    /** Puts 32-bit numbers into memory; their address. */
    public long ints(int... values) {
        byte[] bytes = new byte[values.length * 4];
        MemorySegment.copy(values, 0, MemorySegment.ofArray(bytes), ValueLayout.JAVA_INT_UNALIGNED, 0, values.length);
        return bytes(bytes);
    }

    /** Puts 64-bit numbers into memory; their address. */
    public long longs(long... values) {
        byte[] bytes = new byte[values.length * 8];
        MemorySegment.copy(values, 0, MemorySegment.ofArray(bytes), ValueLayout.JAVA_LONG_UNALIGNED, 0, values.length);
        return bytes(bytes);
    }

    /** Puts bytes into memory; their address. */
    public long bytes(byte[] bytes) {
        long address = nextAddress;
        memory.put(address, bytes);
        nextAddress += bytes.length + 0x1000;
        return address;
    }

    /** What is at an address that {@link #bytes} gave. */
    public Arg at(long address) {
        byte[] bytes = memory.get(address);
        if (bytes == null) {
            throw new AssertionError("No memory at " + address);
        }
        Arg copy = Arg.of(bytes.length);
        System.arraycopy(bytes, 0, copy.bytes(), 0, bytes.length);
        return copy;
    }

    /** A part of it. @throws DrmException with EFAULT if it is not there */
    MemorySegment find(long address, long bytes) {
        Map.Entry<Long, byte[]> below = memory.floorEntry(address);
        if (below == null) {
            throw new DrmException(Errno.EFAULT);
        }
        long offset = address - below.getKey();
        if (offset > below.getValue().length || bytes > below.getValue().length - offset) {
            throw new DrmException(Errno.EFAULT);
        }
        return MemorySegment.ofArray(below.getValue()).asSlice(offset, bytes);
    }
}
