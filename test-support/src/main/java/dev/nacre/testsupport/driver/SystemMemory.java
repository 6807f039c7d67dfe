package dev.nacre.testsupport.driver;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * The driver's system memory: one memory file, shown to the device in many small pieces at unrelated addresses.
 * Allocations are never given back; the whole goes with {@link #close}. One thread.
 */
final class SystemMemory implements AutoCloseable {
    private final GpuTransport transport;
    private final Fd file;
    private final Mapping mapping;
    private final List<ScatterPlan.Piece> pieces;
    private final Deque<ScatterPlan.Piece> whole = new ArrayDeque<>();
    private final Deque<ScatterPlan.Piece> pages = new ArrayDeque<>();

    /**
     * Makes and maps memory.
     *
     * @param sizeBytes a multiple of 64 KiB
     */
    SystemMemory(GpuTransport transport, long sizeBytes, Random random) {
        this.transport = transport;
        this.file = Memfd.ofFixedSize("nacre-direct-driver", sizeBytes);
        this.mapping = Mapping.map(file, 0, sizeBytes, Mapping.Access.READ_WRITE);
        this.pieces = ScatterPlan.of(sizeBytes, random);
        for (ScatterPlan.Piece piece : pieces) {
            transport.mapMemory(
                    piece.iova(),
                    file,
                    piece.fileOffset(),
                    mapping.segment().asSlice(piece.fileOffset(), piece.sizeBytes()));
            (piece.sizeBytes() == ScatterPlan.MAX_PIECE ? whole : pages).add(piece);
        }
    }

    /** Zeroed memory whose pages lie anywhere. */
    DmaBuffer allocate(long sizeBytes) {
        int count = (int) ((sizeBytes + ScatterPlan.PAGE - 1) / ScatterPlan.PAGE);
        List<ScatterPlan.Piece> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            taken.add(page());
        }
        return new DmaBuffer(mapping.segment(), taken, ScatterPlan.PAGE);
    }

    /** Zeroed memory in one piece, 64 KiB at the most. */
    DmaBuffer allocateContiguous(int sizeBytes) {
        ScatterPlan.Piece piece = sizeBytes <= ScatterPlan.PAGE ? page() : takeWhole();
        return new DmaBuffer(mapping.segment(), List.of(piece), piece.sizeBytes());
    }

    /** Zeroed memory of aligned 64-KiB pages that lie anywhere. */
    DmaBuffer allocateBlocks(long sizeBytes) {
        int count = (int) ((sizeBytes + ScatterPlan.MAX_PIECE - 1) / ScatterPlan.MAX_PIECE);
        List<ScatterPlan.Piece> taken = new ArrayList<>(count);
        while (taken.size() < count) {
            taken.add(takeWhole());
        }
        return new DmaBuffer(mapping.segment(), taken, ScatterPlan.MAX_PIECE);
    }

    /** Number of pieces, for messages. */
    int pieceCount() {
        return pieces.size();
    }

    /** Takes the memory from the device and frees it. */
    @Override
    public void close() {
        for (ScatterPlan.Piece piece : pieces) {
            transport.unmapMemory(piece.iova(), piece.sizeBytes());
        }
        mapping.close();
        file.close();
    }

    /** One page, from the start of one piece after another, so that neighbouring pages come from different pieces. */
    private ScatterPlan.Piece page() {
        ScatterPlan.Piece piece = pages.isEmpty() ? takeWhole() : pages.removeFirst();
        int left = piece.sizeBytes() - ScatterPlan.PAGE;
        if (left > 0) {
            pages.addLast(new ScatterPlan.Piece(
                    piece.iova() + ScatterPlan.PAGE, piece.fileOffset() + ScatterPlan.PAGE, left));
        }
        return new ScatterPlan.Piece(piece.iova(), piece.fileOffset(), ScatterPlan.PAGE);
    }

    private ScatterPlan.Piece takeWhole() {
        ScatterPlan.Piece piece = whole.pollFirst();
        if (piece == null) {
            throw new IllegalStateException("The driver's system memory is used up: size="
                    + mapping.segment().byteSize());
        }
        return piece;
    }
}
