package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a function's DMA map: disjoint ranges, sorted by address, immutable.
 *
 * <p>A foreign range is known but neither readable nor writable: nothing in it can be reached. A remote range has no memory
 * here: the operations must not meet one. No operation goes on from the last address to address 0, provided that {@link
 * #require} was asked for the whole length of a {@link #copy}.
 */
final class GuestMap {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A range: the first and the last address, what is behind it, and what may be done. */
    private record Range(
            long first,
            long last,
            MemorySegment memory,
            @Nullable RemoteMemory remote,
            boolean readable,
            boolean writable) {
        /** Bytes from an address inside to the end. */
        long from(long iova) {
            return last - iova + 1;
        }
    }

    private final Range[] ranges;

    /** First addresses with the top bit flipped, so that signed comparison orders them as unsigned. */
    private final long[] keys;

    /** Who runs on this generation, or on one that differs from it only by ranges added. */
    final Readers readers;

    /** Whether any range is remote. */
    final boolean hasRemote;

    private GuestMap(Range[] ranges, long[] keys, boolean hasRemote, Readers readers) {
        this.ranges = ranges;
        this.keys = keys;
        this.hasRemote = hasRemote;
        this.readers = readers;
    }

    /** A map of nothing, with readers of its own. */
    static GuestMap empty() {
        return new GuestMap(new Range[0], new long[0], false, new Readers());
    }

    /**
     * This map and one more range, with the same readers: whoever still uses this map reaches nothing that is gone.
     *
     * @param memory what is behind the range; anything if it is neither readable nor writable
     * @throws IllegalArgumentException if the range is empty, wraps or overlaps another
     */
    GuestMap with(long iova, long size, MemorySegment memory, boolean readable, boolean writable) {
        return with(iova, size, memory, null, readable, writable);
    }

    /** As the other, for a range whose memory is elsewhere. */
    GuestMap with(long iova, long size, RemoteMemory remote, boolean readable, boolean writable) {
        return with(iova, size, MemorySegment.NULL, remote, readable, writable);
    }

    private GuestMap with(
            long iova,
            long size,
            MemorySegment memory,
            @Nullable RemoteMemory remote,
            boolean readable,
            boolean writable) {
        long last = iova + size - 1;
        if (size <= 0 || Long.compareUnsigned(last, iova) < 0) {
            throw new IllegalArgumentException("Range is empty or wraps: " + text(iova, size));
        }
        int at = floor(last) + 1;
        if (at > 0 && Long.compareUnsigned(ranges[at - 1].last, iova) >= 0) {
            Range other = ranges[at - 1];
            throw new IllegalArgumentException("Range overlaps another: " + text(iova, size) + ", other "
                    + text(other.first, other.from(other.first)));
        }
        Range[] newRanges = Arrays.copyOf(ranges, ranges.length + 1);
        long[] newKeys = Arrays.copyOf(keys, keys.length + 1);
        System.arraycopy(ranges, at, newRanges, at + 1, ranges.length - at);
        System.arraycopy(keys, at, newKeys, at + 1, keys.length - at);
        newRanges[at] = new Range(iova, last, memory, remote, readable, writable);
        newKeys[at] = iova ^ Long.MIN_VALUE;
        return new GuestMap(newRanges, newKeys, hasRemote || remote != null, readers);
    }

    /** This map without exactly this range, with new readers; null if there is no such range. */
    @Nullable
    GuestMap without(long iova, long size) {
        int at = floor(iova);
        if (at < 0 || ranges[at].first != iova || ranges[at].from(iova) != size) {
            return null;
        }
        Range[] newRanges = Arrays.copyOf(ranges, ranges.length - 1);
        long[] newKeys = Arrays.copyOf(keys, keys.length - 1);
        System.arraycopy(ranges, at + 1, newRanges, at, newRanges.length - at);
        System.arraycopy(keys, at + 1, newKeys, at, newKeys.length - at);
        boolean remoteLeft = hasRemote && Arrays.stream(newRanges).anyMatch(range -> range.remote != null);
        return new GuestMap(newRanges, newKeys, remoteLeft, new Readers());
    }

    /** This map with new readers. */
    GuestMap renewed() {
        return new GuestMap(ranges, keys, hasRemote, new Readers());
    }

    /** How many bytes from an address on can be reached, at most {@code length}. */
    long reach(long iova, long length, boolean write) {
        long done = 0;
        while (done < length && (done == 0 || iova + done != 0)) {
            Range range = find(iova + done, write);
            if (range == null) {
                break;
            }
            done += Math.min(length - done, range.from(iova + done));
        }
        return done;
    }

    /**
     * Throws unless every byte can be reached.
     *
     * @throws DmaFault at the first that cannot
     */
    void require(long iova, long length, boolean write) {
        long reached = reach(iova, length, write);
        if (reached < length) {
            throw new DmaFault(iova + reached, length, write);
        }
    }

    /**
     * Reads a little-endian scalar, undivided if it is naturally aligned in host memory.
     *
     * @param bytes 1, 4 or 8
     * @throws DmaFault if any byte cannot be reached
     */
    long get(long iova, int bytes) {
        Range range = at(iova, bytes, false);
        if (range.from(iova) >= bytes) {
            long offset = iova - range.first;
            return switch (bytes) {
                case 1 -> range.memory.get(ValueLayout.JAVA_BYTE, offset);
                case 4 -> range.memory.get(INT, offset);
                default -> range.memory.get(LONG, offset);
            };
        }
        require(iova, bytes, false);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (get(iova + i, 1) & 0xff) << (8 * i);
        }
        return value;
    }

    /**
     * Writes a little-endian scalar, undivided if it is naturally aligned in host memory.
     *
     * @param bytes 1, 4 or 8
     * @throws DmaFault if any byte cannot be reached; then nothing is written
     */
    void set(long iova, int bytes, long value) {
        Range range = at(iova, bytes, true);
        if (range.from(iova) >= bytes) {
            long offset = iova - range.first;
            switch (bytes) {
                case 1 -> range.memory.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
                case 4 -> range.memory.set(INT, offset, (int) value);
                default -> range.memory.set(LONG, offset, value);
            }
            return;
        }
        require(iova, bytes, true);
        for (int i = 0; i < bytes; i++) {
            set(iova + i, 1, value >>> (8 * i));
        }
    }

    /**
     * Copies out of the ranges, if all that is needed can be reached.
     *
     * @param length bytes to copy
     * @param needed bytes from the address on that must be mapped for it: those, or more that are copied later
     * @throws DmaFault at the first byte that cannot be reached; then nothing is copied
     */
    void read(long iova, MemorySegment dst, long dstOffset, long length, long needed) {
        Range range = at(iova, needed, false);
        if (range.from(iova) >= needed) {
            MemorySegment.copy(range.memory, iova - range.first, dst, dstOffset, length);
            return;
        }
        require(iova, needed, false);
        for (long done = 0; done < length; ) {
            range = at(iova + done, length, false);
            long count = Math.min(length - done, range.from(iova + done));
            MemorySegment.copy(range.memory, iova + done - range.first, dst, dstOffset + done, count);
            done += count;
        }
    }

    /**
     * Copies into the ranges, if all that is needed can be reached.
     *
     * @param length bytes to copy
     * @param needed bytes from the address on that must be mapped for it: those, or more that are copied later
     * @throws DmaFault at the first byte that cannot be reached; then nothing is copied
     */
    void write(long iova, MemorySegment src, long srcOffset, long length, long needed) {
        Range range = at(iova, needed, true);
        if (range.from(iova) >= needed) {
            MemorySegment.copy(src, srcOffset, range.memory, iova - range.first, length);
            return;
        }
        require(iova, needed, true);
        for (long done = 0; done < length; ) {
            range = at(iova + done, length, true);
            long count = Math.min(length - done, range.from(iova + done));
            MemorySegment.copy(src, srcOffset + done, range.memory, iova + done - range.first, count);
            done += count;
        }
    }

    /**
     * Copies between ranges.
     *
     * @throws DmaFault at the first byte that cannot be reached
     */
    void copy(long srcIova, long dstIova, long length) {
        long done = 0;
        while (done < length) {
            Range src = at(srcIova + done, length, false);
            long count = Math.min(length - done, src.from(srcIova + done));
            write(dstIova + done, src.memory, srcIova + done - src.first, count, count);
            done += count;
        }
    }

    /**
     * How many bytes from an address on lie in one range, at most {@code length}.
     *
     * @throws DmaFault if the address cannot be reached
     */
    long part(long iova, long length, boolean write) {
        return Math.min(length, at(iova, length, write).from(iova));
    }

    /**
     * What is behind the range that holds an address; null if its memory is here.
     *
     * @throws DmaFault if the address cannot be reached
     */
    @Nullable
    RemoteMemory remote(long iova, long length, boolean write) {
        return at(iova, length, write).remote;
    }

    /** Whether a range's memory has been released by its owner. */
    boolean hasReleasedMemory() {
        for (Range range : ranges) {
            if (!range.memory.scope().isAlive()) {
                return true;
            }
        }
        return false;
    }

    /**
     * The range that holds an address and permits the access.
     *
     * @throws DmaFault if there is none
     */
    private Range at(long iova, long length, boolean write) {
        Range range = find(iova, write);
        if (range == null) {
            throw new DmaFault(iova, length, write);
        }
        return range;
    }

    /** The range that holds an address and permits the access, or null. */
    private @Nullable Range find(long iova, boolean write) {
        int at = floor(iova);
        if (at < 0) {
            return null;
        }
        Range range = ranges[at];
        boolean permitted = write ? range.writable : range.readable;
        return permitted && Long.compareUnsigned(iova, range.last) <= 0 ? range : null;
    }

    /** Index of the last range that starts at or below an address, or -1. */
    private int floor(long iova) {
        long key = iova ^ Long.MIN_VALUE;
        int low = 0;
        int high = keys.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (keys[middle] <= key) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private static String text(long iova, long size) {
        return "iova=0x" + Long.toHexString(iova) + " size=0x" + Long.toHexString(size);
    }
}
