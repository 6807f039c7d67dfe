package dev.nacre.drm.testing;

import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Memory and descriptors, kept by number, of a client that is no process. */
public class TestProcess implements AutoCloseable {
    private final TreeMap<Long, byte[]> memory = new TreeMap<>();
    private final Map<Integer, Fd> fds = new HashMap<>();
    private long nextAddress = 0x10000;
    private int nextFd = 3;

    /** Nothing is there yet. */
    public TestProcess() {}

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

    /** Has a descriptor, which is the client's now; its number. */
    public int add(Fd fd) {
        fds.put(nextFd, fd);
        return nextFd++;
    }

    /** A descriptor that it has. */
    public Fd fd(int number) {
        return openFd(number).orElseThrow(() -> new AssertionError("No such descriptor: " + number));
    }

    /** A descriptor, if it has it and it is open. */
    Optional<Fd> openFd(int number) {
        return Optional.ofNullable(fds.get(number)).filter(fd -> !fd.isClosed());
    }

    /** Closes all descriptors. */
    @Override
    public void close() {
        fds.values().forEach(Fd::close);
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
