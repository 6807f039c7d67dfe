package dev.nacre.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A range of a file, mapped shared into this process. The segment's lifetime is checked: after {@link #close} every
 * access throws {@link IllegalStateException} instead of touching memory that is gone. Any thread may use the segment,
 * and any thread may close the mapping. The mapping does not need the descriptor after it was made.
 *
 * <p>If somebody shrinks the file, touching the lost pages throws {@link InternalError}; a file with {@link
 * Memfd.Seal#SHRINK} cannot lose any.
 */
public final class Mapping implements AutoCloseable {
    /** What the mapping allows. */
    public enum Access {
        /** Reading only. */
        READ,
        /** Reading and writing; needs a file that is open for both. */
        READ_WRITE
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private Mapping(long address, long length, long offset, long size, Access access) {
        // NATIVE: the kernel gave exactly `length` bytes at `address`; closing the arena gives them back.
        MemorySegment part = MemorySegment.ofAddress(address)
                .reinterpret(length, arena, whole -> Libc.munmap(whole.address(), whole.byteSize()))
                .asSlice(offset, size);
        segment = access == Access.READ ? part.asReadOnly() : part;
    }

    /**
     * Maps a range. It may start and end anywhere: the mapping behind it covers whole pages, huge ones if the file has
     * them.
     *
     * @param fd the file
     * @param offset first byte, 0 or more
     * @param size bytes, 1 or more
     * @param access what the segment allows
     * @return the mapping, whose segment is exactly {@code size} long
     * @throws IllegalArgumentException if the range lies outside the file
     */
    public static Mapping map(Fd fd, long offset, long size, Access access) {
        FileStat file = FileStat.of(fd);
        if (offset < 0 || size <= 0 || offset > file.sizeBytes() || size > file.sizeBytes() - offset) {
            throw new IllegalArgumentException(
                    "Range outside the file: offset=" + offset + " size=" + size + " file=" + file.sizeBytes());
        }
        // For a huge-page file both the offset and the length of munmap must be multiples of the huge page.
        long page = Math.max(Libc.getpagesize(), file.blockSizeBytes());
        long start = offset - offset % page;
        long length = Math.ceilDiv(offset + size - start, page) * page;
        int protection = access == Access.READ ? Abi.PROT_READ : Abi.PROT_READ | Abi.PROT_WRITE;
        long address;
        try (Frame frame = new Frame()) {
            address = Libc.mmap(frame.state(), length, protection, Abi.MAP_SHARED, fd.number(), start);
            if (address == -1) {
                throw frame.failure("mmap", "fd=" + fd.number() + ", offset=" + start + ", length=" + length);
            }
        }
        return new Mapping(address, length, offset - start, size, access);
    }

    /** The mapped bytes, valid until {@link #close}. */
    public MemorySegment segment() {
        return segment;
    }

    /** Whether {@link #close} has not been called yet. */
    public boolean isOpen() {
        return arena.scope().isAlive();
    }

    /**
     * Unmaps. Every thread in this process passes a safe point first, so it is not for the hot path.
     *
     * @throws IllegalStateException if a system call is using the segment at this moment
     */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
