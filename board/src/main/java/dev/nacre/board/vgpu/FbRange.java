package dev.nacre.board.vgpu;

/**
 * A part of the board's memory.
 *
 * @param offset physical address of its first byte
 * @param bytes its size
 */
public record FbRange(long offset, long bytes) {
    /** Whether it lies below an address and above 0, without wrapping, and is not empty. */
    boolean liesBelow(long end) {
        return offset >= 0 && bytes > 0 && bytes <= end && offset <= end - bytes;
    }

    /** Whether it lies in another. Both must be sound. */
    boolean liesIn(FbRange other) {
        return offset >= other.offset && offset + bytes <= other.offset + other.bytes;
    }

    /** Whether both have a byte in common. Both must be sound. */
    boolean overlaps(FbRange other) {
        return offset < other.offset + other.bytes && other.offset < offset + bytes;
    }

    @Override
    public String toString() {
        return "0x" + Long.toHexString(offset) + "+0x" + Long.toHexString(bytes);
    }
}
