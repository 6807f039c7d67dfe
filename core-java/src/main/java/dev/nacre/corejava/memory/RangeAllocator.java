package dev.nacre.corejava.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Gives out ranges of numbers: of memory, of virtual addresses, of channel ids. Takes the smallest free range that holds
 * what is wanted, and of equals the lowest. Any thread.
 */
public final class RangeAllocator {
    /**
     * A range.
     *
     * @param start its first number, from 0
     * @param size how many, from 1
     */
    public record Range(long start, long size) implements Comparable<Range> {
        /** The number behind its last one. */
        public long end() {
            return start + size;
        }

        @Override
        public int compareTo(Range other) {
            return size != other.size ? Long.compare(size, other.size) : Long.compare(start, other.start);
        }
    }

    /** Guarded by this, as all that follows: free ranges by their start; no two touch. */
    private final TreeMap<Long, Range> free = new TreeMap<>();

    /** The same by size. */
    private final TreeSet<Range> bySize = new TreeSet<>();

    /** What is given out, by its start. */
    private final TreeMap<Long, Range> taken = new TreeMap<>();

    private final long total;
    private long available;

    /**
     * Makes one.
     *
     * @param ranges what can be given out; they do not overlap
     */
    public RangeAllocator(List<Range> ranges) {
        ranges.forEach(this::release);
        this.total = available;
    }

    /** One that gives out a single range; nothing if its size is 0. */
    public static RangeAllocator of(long start, long size) {
        return new RangeAllocator(size == 0 ? List.of() : List.of(new Range(start, size)));
    }

    /**
     * Takes a range.
     *
     * @param size how many, from 1
     * @param align what its start is a multiple of: a power of two
     * @return its start; empty if there is none
     */
    public synchronized OptionalLong allocate(long size, long align) {
        for (Range candidate : bySize.tailSet(new Range(0, size), true)) {
            long start = candidate.start + align - 1 & -align;
            if (start >= candidate.start && start <= candidate.end() - size) {
                take(candidate, start, size);
                return OptionalLong.of(start);
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Takes a range that has to begin somewhere.
     *
     * @return whether it was free
     */
    public synchronized boolean allocateAt(long start, long size) {
        Map.Entry<Long, Range> candidate = free.floorEntry(start);
        if (candidate == null || start > candidate.getValue().end() - size) {
            return false;
        }
        take(candidate.getValue(), start, size);
        return true;
    }

    /**
     * Gives a range back.
     *
     * @throws IllegalStateException if none that begins there is given out
     */
    public synchronized void free(long start) {
        Range range = taken.remove(start);
        if (range == null) {
            throw new IllegalStateException("Range is not given out: start=" + start);
        }
        release(range);
    }

    /** How many numbers there are, given out or not. */
    public long total() {
        return total;
    }

    /** How many are free, in one piece or not. */
    public synchronized long available() {
        return available;
    }

    /** How many ranges are given out. */
    public synchronized int count() {
        return taken.size();
    }

    /** A snapshot of the ranges that are given out, in order. */
    public synchronized List<Range> takenRanges() {
        return new ArrayList<>(taken.values());
    }

    /** A snapshot of the free ranges, in order. */
    public synchronized List<Range> freeRanges() {
        return new ArrayList<>(free.values());
    }

    private void take(Range from, long start, long size) {
        remove(from);
        if (start > from.start) {
            add(new Range(from.start, start - from.start));
        }
        if (start + size < from.end()) {
            add(new Range(start + size, from.end() - start - size));
        }
        taken.put(start, new Range(start, size));
        available -= size;
    }

    /** Makes a range free, and one with its free neighbours. */
    private synchronized void release(Range range) {
        NavigableMap<Long, Range> before = free.headMap(range.start, false);
        Range left = before.isEmpty() ? null : before.lastEntry().getValue();
        Range right = free.get(range.end());
        long start = range.start;
        long end = range.end();
        if (left != null && left.end() == start) {
            remove(left);
            start = left.start;
        }
        if (right != null) {
            remove(right);
            end = right.end();
        }
        add(new Range(start, end - start));
        available += range.size;
    }

    private void add(Range range) {
        free.put(range.start, range);
        bySize.add(range);
    }

    private void remove(Range range) {
        free.remove(range.start);
        bySize.remove(range);
    }
}
