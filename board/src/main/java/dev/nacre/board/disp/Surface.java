package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayMemory.ContextDma;
import dev.nacre.hw.disp.SurfaceFormat;
import dev.nacre.hw.surface.Gob;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A picture in memory, read row by row. Its geometry comes from the guest; what lies outside of its context DMA is not
 * read.
 */
final class Surface {
    /** No block-linear layout. */
    static final int PITCH = -1;

    // HW: clc57e.h: NVD_BLOCK_HEIGHT_THIRTYTWO_GOBS is the greatest.
    private static final int MAX_BLOCK_HEIGHT_LOG2 = 5;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DisplayMemory memory;
    private final ContextDma dma;
    private final long offset;
    private final int pitchBytes;
    private final int blockHeightLog2;
    private final SurfaceFormat format;

    /**
     * Describes one.
     *
     * @param offset of its first byte in {@code dma}
     * @param pitchBytes bytes from a row to the next; of a row of GOBs if block-linear
     * @param blockHeightLog2 GOBs in a block, log2; or {@link #PITCH}
     */
    Surface(
            DisplayMemory memory,
            ContextDma dma,
            long offset,
            int pitchBytes,
            int blockHeightLog2,
            SurfaceFormat format) {
        this.memory = memory;
        this.dma = dma;
        this.offset = offset;
        this.pitchBytes = pitchBytes;
        this.blockHeightLog2 = Math.min(blockHeightLog2, MAX_BLOCK_HEIGHT_LOG2);
        this.format = format;
    }

    SurfaceFormat format() {
        return format;
    }

    /** A buffer for rows of so many pixels. */
    MemorySegment rowBuffer(int pixels) {
        return MemorySegment.ofArray(new byte[pixels * format.bytesPerPixel()]);
    }

    /**
     * Reads part of a row.
     *
     * @param x first pixel
     * @param y row
     * @param pixels how many
     * @param row from {@link #rowBuffer}
     * @return whether all of it could be reached
     */
    boolean readRow(int x, int y, int pixels, MemorySegment row) {
        long from = (long) x * format.bytesPerPixel();
        long count = (long) pixels * format.bytesPerPixel();
        return blockHeightLog2 == PITCH
                ? memory.read(dma, offset + (long) y * pitchBytes + from, row, 0, count)
                : readBlockLinear(from, y, count, row);
    }

    private boolean readBlockLinear(long from, int y, long count, MemorySegment row) {
        int gobRow = y / Gob.HEIGHT_LINES;
        long blockBytes = (long) Gob.SIZE_BYTES << blockHeightLog2;
        long gobsInRow = pitchBytes / Gob.WIDTH_BYTES;
        long rowOfGobs = offset
                + (gobRow >> blockHeightLog2) * gobsInRow * blockBytes
                + (gobRow & ((1 << blockHeightLog2) - 1)) * (long) Gob.SIZE_BYTES;
        for (long done = 0; done < count; ) {
            long column = from + done;
            long run = Math.min(count - done, Gob.RUN_BYTES - column % Gob.RUN_BYTES);
            long at = rowOfGobs + column / Gob.WIDTH_BYTES * blockBytes + Gob.offset(column, y);
            if (!memory.read(dma, at, row, done, run)) {
                return false;
            }
            done += run;
        }
        return true;
    }

    /** A pixel of a row that was read, as its bytes are. */
    long raw(MemorySegment row, int pixel) {
        long at = (long) pixel * format.bytesPerPixel();
        return switch (format.bytesPerPixel()) {
            case 1 -> row.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            case 2 -> row.get(SHORT, at) & 0xffff;
            case 4 -> row.get(INT, at) & 0xffff_ffffL;
            default -> row.get(LONG, at);
        };
    }
}
