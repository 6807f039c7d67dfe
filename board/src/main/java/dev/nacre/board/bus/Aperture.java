package dev.nacre.board.bus;

import java.lang.foreign.MemorySegment;

/**
 * A window of memory behind a BAR (BAR1, BAR2) or inside BAR0 (PRAMIN, PROM). Any width, any alignment, any length.
 * What cannot be reached reads as ones and swallows writes. Called on the socket's thread.
 */
public interface Aperture {
    /**
     * Reads.
     *
     * @param offset bytes from the window's start; the range lies inside the window
     */
    void read(long offset, MemorySegment dst, long dstOffset, int count);

    /**
     * Writes.
     *
     * @param offset bytes from the window's start; the range lies inside the window
     */
    void write(long offset, MemorySegment src, long srcOffset, int count);
}
