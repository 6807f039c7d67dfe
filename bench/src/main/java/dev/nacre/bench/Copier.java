package dev.nacre.bench;

/** Copies between memories of its own, to be compared with others. One thread. */
interface Copier extends AutoCloseable {
    /** Bytes of each copy. */
    int BYTES = 32 << 20;

    /** Name of who copies. */
    String name();

    /**
     * Makes one more pair of memories and touches all of it. How fast memory is depends on how scattered its pages are,
     * and the first memory that a process gets is the most scattered: so those who are compared take turns with this,
     * and have several.
     */
    void addPlace();

    /** Copies once, but only so many bytes: for the VM to compile all that takes part. */
    void copySmall(int bytes) throws InterruptedException;

    /**
     * Copies once.
     *
     * @param place which pair of memories, counted from 0
     * @return nanoseconds
     */
    long copyNs(int place) throws InterruptedException;

    /** Makes sure that all bytes were copied in all places. @throws IllegalStateException if not */
    void verify();

    /** Gives the memories back. */
    @Override
    void close();
}
