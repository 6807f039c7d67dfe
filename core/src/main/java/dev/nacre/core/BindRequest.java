package dev.nacre.core;

/**
 * Where to put which part of an object.
 *
 * @param address the virtual address, a multiple of 4096
 * @param memory the object
 * @param offset of the part's first byte in the object, a multiple of 4096
 * @param bytes the part's size, a multiple of 4096, from 4096
 * @param writable whether the GPU may write
 * @param pageKind the page kind as graphics clients name it; 0 for plain memory
 */
public record BindRequest(long address, MemoryObject memory, long offset, long bytes, boolean writable, int pageKind) {
    /**
     * Checks it.
     *
     * @throws CoreException with {@link CoreError#INVALID_ARGUMENT} naming the value and what is allowed
     */
    public BindRequest {
        if (address < 0 || address % FbRequest.PAGE_BYTES != 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Address is impossible: address=0x" + Long.toHexString(address) + " allowed=multiples of 4096");
        }
        if (pageKind < 0 || pageKind > 0xff) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT, "Page kind is impossible: kind=" + pageKind + " allowed=0 to 255");
        }
        new MapRequest(offset, bytes, true, false).within(memory.bytes());
    }
}
