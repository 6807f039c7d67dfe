package dev.nacre.testsupport.replay;

import java.lang.foreign.MemorySegment;

/** One thing that happened to a recorded function, in order. */
public sealed interface LogEntry {
    /**
     * Accesses of one width to one region, one after the other.
     *
     * @param write whether they write
     * @param region the region
     * @param offset of the first
     * @param width bytes of each
     * @param stride from one to the next: the width, or 0 for the same place again
     * @param data what was written or read, all accesses' bytes after each other; not to be changed
     */
    record Accesses(boolean write, int region, long offset, int width, int stride, MemorySegment data)
            implements LogEntry {
        /** How many there are; accesses of no bytes stand alone. */
        public int count() {
            return width == 0 ? 1 : (int) (data.byteSize() / width);
        }
    }

    /**
     * Host memory as the function finds it during the next accesses.
     *
     * @param iova where
     * @param data what
     */
    record Memory(long iova, MemorySegment data) implements LogEntry {}

    /**
     * Host memory as the function leaves it after the accesses before.
     *
     * @param iova where
     * @param length how many bytes
     * @param crc their CRC-32
     */
    record Written(long iova, int length, int crc) implements LogEntry {}

    /**
     * Message interrupts that the function raised during the accesses before.
     *
     * @param count how many
     */
    record Messages(int count) implements LogEntry {}

    /** The platform reset the function. */
    record Reset() implements LogEntry {}

    /** The host went away. */
    record Disconnected() implements LogEntry {}
}
