package dev.nacre.core;

/** A contiguous part of a GPU's memory that nobody else has. */
public interface FbMemory extends AutoCloseable {
    /** Where it begins. */
    long offset();

    /** Its size: a multiple of 4096. */
    long bytes();

    /**
     * Lets the host reach a part of it. Needs {@link Capability#FB_MEM_BAR1_MAP}.
     *
     * @throws CoreException with {@link CoreError#EXISTS} if it is mapped already; with {@link CoreError#NO_SPACE} if the
     *     window is full; with {@link CoreError#INVALID_ARGUMENT} if the part does not lie in the memory
     */
    Bar1Mapping mapBar1(MapRequest request);

    /**
     * Gives it back. Idempotent.
     *
     * @throws CoreException with {@link CoreError#BUSY} if it is mapped
     */
    @Override
    void close();
}
