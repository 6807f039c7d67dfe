package dev.nacre.pci;

/**
 * A region of a function.
 *
 * @param size bytes; 0 where there is no such region
 * @param readable whether reads are answered
 * @param writable whether writes are taken
 */
public record Region(long size, boolean readable, boolean writable) {
    /** No such region. */
    public static final Region ABSENT = new Region(0, false, false);

    /**
     * A region for reading and writing.
     *
     * @param size bytes
     */
    public static Region readWrite(long size) {
        return new Region(size, true, true);
    }

    /**
     * A region for reading only.
     *
     * @param size bytes
     */
    public static Region readOnly(long size) {
        return new Region(size, true, false);
    }

    /** Whether there is such a region. */
    public boolean isPresent() {
        return size > 0;
    }
}
