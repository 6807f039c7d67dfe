package dev.nacre.board.ce;

import dev.nacre.board.mmu.Space;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.surface.Gob;
import java.lang.foreign.MemorySegment;

/** Where the lines of a copy's source or destination lie: pitch-linear or block-linear. Set up for each launch. */
final class CopySurface {
    private boolean pitchLinear;
    private long base;
    private long pitchBytes;
    private int blockWidthLog2;
    private int blockHeightLog2;
    private int blockDepthLog2;
    private long widthBlocks;
    private long heightBlocks;
    private long originColumn;
    private long originLine;
    private long layer;

    /** Lines at a fixed distance. */
    void pitchLinear(long address, int pitch) {
        pitchLinear = true;
        base = address;
        pitchBytes = pitch;
    }

    /**
     * Blocks of GOBs.
     *
     * @param blockSize data of SET_DST_BLOCK_SIZE or SET_SRC_BLOCK_SIZE
     */
    void blockLinear(long address, int blockSize, long widthBytes, long heightLines) {
        pitchLinear = false;
        base = address;
        blockWidthLog2 = Nvc7b5.SET_DST_BLOCK_SIZE_WIDTH.get(blockSize);
        blockHeightLog2 = Nvc7b5.SET_DST_BLOCK_SIZE_HEIGHT.get(blockSize);
        blockDepthLog2 = Nvc7b5.SET_DST_BLOCK_SIZE_DEPTH.get(blockSize);
        widthBlocks = Math.ceilDiv(widthBytes, (long) Gob.WIDTH_BYTES << blockWidthLog2);
        heightBlocks = Math.ceilDiv(heightLines, (long) Gob.HEIGHT_LINES << blockHeightLog2);
    }

    /** Where the copy begins in a block-linear surface. */
    void origin(long columnBytes, long line, long inLayer) {
        originColumn = columnBytes;
        originLine = line;
        layer = inLayer;
    }

    void read(Space space, long column, long line, MemorySegment into, long count) {
        if (pitchLinear) {
            space.read(base + line * pitchBytes + column, into, 0, count);
            return;
        }
        for (long done = 0; done < count; ) {
            long run = run(column + done, count - done);
            space.read(blockLinearAddress(column + done, line), into, done, run);
            done += run;
        }
    }

    void write(Space space, long column, long line, MemorySegment from, long count) {
        if (pitchLinear) {
            space.write(base + line * pitchBytes + column, from, 0, count);
            return;
        }
        for (long done = 0; done < count; ) {
            long run = run(column + done, count - done);
            space.write(blockLinearAddress(column + done, line), from, done, run);
            done += run;
        }
    }

    /** Bytes from a column on that lie side by side. */
    private long run(long column, long left) {
        return Math.min(left, Gob.RUN_BYTES - ((originColumn + column) & (Gob.RUN_BYTES - 1)));
    }

    // HW: Mesa src/nouveau/nil/tiling.rs: rows of blocks, in each layer of blocks; in a block rows of GOBs, in each
    // layer
    private long blockLinearAddress(long column, long line) {
        long x = originColumn + column;
        long y = originLine + line;
        long gobX = x / Gob.WIDTH_BYTES;
        long gobY = y / Gob.HEIGHT_LINES;
        long block = ((layer >>> blockDepthLog2) * heightBlocks + (gobY >>> blockHeightLog2)) * widthBlocks
                + (gobX >>> blockWidthLog2);
        long gob = (((low(layer, blockDepthLog2) << blockHeightLog2) + low(gobY, blockHeightLog2)) << blockWidthLog2)
                + low(gobX, blockWidthLog2);
        long gobs = (block << (blockWidthLog2 + blockHeightLog2 + blockDepthLog2)) + gob;
        return base + gobs * Gob.SIZE_BYTES + Gob.offset(x, y);
    }

    private static long low(long value, int bits) {
        return value & ((1L << bits) - 1);
    }
}
