package dev.nacre.linux;

import java.util.Objects;

/**
 * Descriptors that came with received bytes, in the order in which they were sent. Those that nobody takes are closed
 * by {@link #close}. Reusable; one thread at a time.
 */
public final class ReceivedFds implements AutoCloseable {
    private final int[] numbers;
    private int first;
    private int end;
    private boolean truncated;

    /**
     * Makes an empty list.
     *
     * @param capacity most descriptors that one receive may bring; the kernel drops the others. At most 253
     */
    public ReceivedFds(int capacity) {
        // HW: SCM_MAX_FD of the kernel's <net/scm.h>
        Objects.checkIndex(capacity - 1, 253);
        this.numbers = new int[capacity];
    }

    /** Most descriptors that one receive may bring. */
    public int capacity() {
        return numbers.length;
    }

    /** Number of descriptors not yet taken. */
    public int count() {
        return end - first;
    }

    /** Whether the sender sent more than fits; the others are gone. */
    public boolean isTruncated() {
        return truncated;
    }

    /**
     * Takes the first descriptor that is left.
     *
     * @return its new owner
     * @throws IllegalStateException if none is left
     */
    public Fd take() {
        if (first == end) {
            throw new IllegalStateException("No descriptor is left");
        }
        return new Fd(numbers[first++]);
    }

    /** Closes what was not taken; the list is then empty and can be used again. */
    @Override
    public void close() {
        while (first < end) {
            Libc.close(numbers[first++]);
        }
        first = 0;
        end = 0;
        truncated = false;
    }

    void add(int number) {
        numbers[end++] = number;
    }

    void setTruncated() {
        truncated = true;
    }
}
