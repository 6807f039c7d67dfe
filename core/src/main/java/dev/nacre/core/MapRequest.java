package dev.nacre.core;

/**
 * Which part of memory to map, and how.
 *
 * @param offset of its first byte in the memory, a multiple of 4096
 * @param bytes its size, a multiple of 4096, from 4096
 * @param hugePages to use pages of 2 MiB where address and memory allow it
 * @param compressible whether the GPU may compress it, where it can
 */
public record MapRequest(long offset, long bytes, boolean hugePages, boolean compressible) {
    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming the value and what is allowed
     */
    public MapRequest {
        if (offset < 0 || offset % FbRequest.PAGE_BYTES != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Offset of a mapping is impossible: offset=" + offset + " allowed=multiples of 4096");
        }
        if (bytes < FbRequest.PAGE_BYTES || bytes % FbRequest.PAGE_BYTES != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Size of a mapping is impossible: bytes=" + bytes + " allowed=multiples of 4096 from 4096");
        }
    }

    /** A part, by whichever pages are right. */
    public static MapRequest of(long offset, long bytes) {
        return new MapRequest(offset, bytes, true, false);
    }

    /**
     * Checks that the part lies in some memory.
     *
     * @param memoryBytes the memory's size
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if not
     */
    public void within(long memoryBytes) {
        if (offset > memoryBytes || bytes > memoryBytes - offset) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Mapping is not inside the memory: offset=" + offset + " bytes=" + bytes + " memory="
                            + memoryBytes);
        }
    }
}
