package dev.nacre.corejava.memory;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.VramAccess;
import dev.nacre.corejava.memory.RangeAllocator.Range;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** What parts of a GPU's memory held before it lost its power. One thread at a time. */
public final class SavedMemory implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;
    private static final MemorySegment ZEROS =
            MemorySegment.ofArray(new byte[PIECE_BYTES]).asReadOnly();

    /** Some bytes, which are {@link #ZEROS} where they need no room. */
    private record Piece(long address, MemorySegment bytes) {}

    private final Arena arena = Arena.ofShared();
    private final List<Piece> pieces = new ArrayList<>();

    private SavedMemory() {}

    /**
     * Reads parts of a GPU's memory, which nothing changes meanwhile.
     *
     * @throws CoreException with {@link CoreError#NO_MEMORY} if this host has too little for what is not zero
     */
    public static SavedMemory of(VramAccess vram, List<Range> parts) {
        SavedMemory saved = new SavedMemory();
        MemorySegment buffer = MemorySegment.ofArray(new byte[PIECE_BYTES]);
        try {
            for (Range part : parts) {
                for (long at = part.start(); at < part.end(); at += PIECE_BYTES) {
                    saved.save(vram, at, buffer.asSlice(0, Math.min(PIECE_BYTES, part.end() - at)));
                }
            }
            return saved;
        } catch (OutOfMemoryError e) {
            saved.close();
            throw new CoreException(CoreError.NO_MEMORY, "No memory to save the GPU's in", e);
        } catch (CoreException e) {
            saved.close();
            throw e;
        }
    }

    private void save(VramAccess vram, long address, MemorySegment buffer) {
        vram.read(address, buffer, 0, (int) buffer.byteSize());
        MemorySegment zeros = ZEROS.asSlice(0, buffer.byteSize());
        boolean isZero = buffer.mismatch(zeros) < 0;
        pieces.add(new Piece(
                address, isZero ? zeros : arena.allocate(buffer.byteSize()).copyFrom(buffer)));
    }

    /** Writes all back. */
    public void restore(VramAccess vram) {
        for (Piece piece : pieces) {
            vram.write(piece.address, piece.bytes, 0, (int) piece.bytes.byteSize());
        }
    }

    /** Forgets it. Idempotent. */
    @Override
    public void close() {
        pieces.clear();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
