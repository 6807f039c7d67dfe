package dev.nacre.core;

import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Memory that the GPU can have bound in address spaces. */
public interface MemoryObject extends AutoCloseable {
    /** Its size. */
    long bytes();

    /** Where it is. */
    Placement placement();

    /** The file whose content it is, to be mapped by whoever likes: of {@link Placement#SYSTEM} only. It stays the object's. */
    Optional<Fd> file();

    /** Reads. @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the bytes do not lie in it */
    void read(long offset, MemorySegment dst, long dstOffset, int count);

    /** Writes. @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the bytes do not lie in it */
    void write(long offset, MemorySegment src, long srcOffset, int count);

    /**
     * Frees it. Idempotent.
     *
     * @throws CoreException with {@link CoreError#BUSY} if it is bound
     */
    @Override
    void close();
}
