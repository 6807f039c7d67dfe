package dev.nacre.board.ce;

import dev.nacre.board.mmu.Access;
import dev.nacre.board.mmu.Extent;
import dev.nacre.board.mmu.MmuFault;
import dev.nacre.board.mmu.PhysicalMemory;
import dev.nacre.board.mmu.Space;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.mmu.FaultType;
import dev.nacre.hw.surface.Gob;
import dev.nacre.pci.DmaFault;
import java.lang.foreign.MemorySegment;

/** Where the lines of a copy's source or destination lie: pitch-linear or block-linear. Set up for each launch. */
final class CopySurface {
    private final Extent gob = new Extent();
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
            long piece = Math.min(count - done, bytesOfGob(column + done));
            if (locate(space, column + done, line, Access.READ)) {
                readGob(space.memory(), column + done, line, into, done, piece);
            } else {
                piece = Math.min(piece, bytesOfRun(column + done));
                space.read(gobAddress(column + done, line) + inGob(column + done, line), into, done, piece);
            }
            done += piece;
        }
    }

    void write(Space space, long column, long line, MemorySegment from, long count) {
        if (pitchLinear) {
            space.write(base + line * pitchBytes + column, from, 0, count);
            return;
        }
        for (long done = 0; done < count; ) {
            long piece = Math.min(count - done, bytesOfGob(column + done));
            if (locate(space, column + done, line, Access.WRITE)) {
                writeGob(space.memory(), column + done, line, from, done, piece);
            } else {
                piece = Math.min(piece, bytesOfRun(column + done));
                space.write(gobAddress(column + done, line) + inGob(column + done, line), from, done, piece);
            }
            done += piece;
        }
    }

    /** Finds a whole GOB; false if it is not in one piece, or what goes for the general way. */
    private boolean locate(Space space, long column, long line, Access access) {
        return space.locate(gobAddress(column, line), Gob.SIZE_BYTES, access, gob) == Gob.SIZE_BYTES && !gob.isSparse();
    }

    private void readGob(PhysicalMemory memory, long column, long line, MemorySegment into, long at, long count) {
        try {
            for (long done = 0; done < count; ) {
                long run = Math.min(count - done, bytesOfRun(column + done));
                memory.read(gob.isSystem(), gob.address() + inGob(column + done, line), into, at + done, run);
                done += run;
            }
        } catch (DmaFault e) {
            throw new MmuFault(gobAddress(column, line), FaultType.UNSUPPORTED_APERTURE);
        }
    }

    private void writeGob(PhysicalMemory memory, long column, long line, MemorySegment from, long at, long count) {
        try {
            for (long done = 0; done < count; ) {
                long run = Math.min(count - done, bytesOfRun(column + done));
                memory.write(gob.isSystem(), gob.address() + inGob(column + done, line), from, at + done, run);
                done += run;
            }
        } catch (DmaFault e) {
            throw new MmuFault(gobAddress(column, line), FaultType.UNSUPPORTED_APERTURE);
        }
    }

    /** Bytes of a line from a column on that lie side by side. */
    private long bytesOfRun(long column) {
        return Gob.RUN_BYTES - ((originColumn + column) & (Gob.RUN_BYTES - 1));
    }

    /** Bytes of a line from a column on that lie in one GOB. */
    private long bytesOfGob(long column) {
        return Gob.WIDTH_BYTES - ((originColumn + column) & (Gob.WIDTH_BYTES - 1));
    }

    private int inGob(long column, long line) {
        return Gob.offset(originColumn + column, originLine + line);
    }

    // HW: Mesa src/nouveau/nil/tiling.rs: rows of blocks, in each layer of blocks; in a block rows of GOBs, in each
    // layer
    private long gobAddress(long column, long line) {
        long gobX = (originColumn + column) / Gob.WIDTH_BYTES;
        long gobY = (originLine + line) / Gob.HEIGHT_LINES;
        long block = ((layer >>> blockDepthLog2) * heightBlocks + (gobY >>> blockHeightLog2)) * widthBlocks
                + (gobX >>> blockWidthLog2);
        long inBlock =
                (((low(layer, blockDepthLog2) << blockHeightLog2) + low(gobY, blockHeightLog2)) << blockWidthLog2)
                        + low(gobX, blockWidthLog2);
        long gobs = (block << (blockWidthLog2 + blockHeightLog2 + blockDepthLog2)) + inBlock;
        return base + gobs * Gob.SIZE_BYTES;
    }

    private static long low(long value, int bits) {
        return value & ((1L << bits) - 1);
    }
}
