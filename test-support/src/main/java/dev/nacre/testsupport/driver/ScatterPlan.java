package dev.nacre.testsupport.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Cuts a memory file into pieces and strews them over the I/O virtual address space, so that nothing on the other side
 * can take neighbours for neighbours: pieces lie in shuffled order, mostly with gaps; those without a gap between them
 * come from different places of the file. Pieces of 64 KiB are aligned to their size, as GPU pages of that size must be.
 */
final class ScatterPlan {
    static final int PAGE = 4096;

    /** Largest piece, and the longest run of memory that is contiguous for the device. */
    static final int MAX_PIECE = 64 * 1024;

    // HW: falcon DMA takes 48 bits, GMMU v2 PTEs 46 bits of address >> 12; drivers set a DMA mask of 47 bits.
    private static final long IOVA_LIMIT = 1L << 46;

    // Above what any platform keeps for itself below 1 MiB and in the ISA hole.
    private static final long FIRST_IOVA = 16L << 20;

    /**
     * A run of the file and where the device sees it.
     *
     * @param iova first I/O virtual address
     * @param fileOffset first byte in the file
     * @param sizeBytes length, a multiple of 4 KiB
     */
    record Piece(long iova, long fileOffset, int sizeBytes) {}

    private ScatterPlan() {}

    /**
     * Plans a file of {@code sizeBytes}, a multiple of 64 KiB. Half of it are pieces of 64 KiB, the rest smaller ones.
     */
    static List<Piece> of(long sizeBytes, Random random) {
        List<Piece> cuts = cut(sizeBytes, random);
        Collections.shuffle(cuts, random);
        List<Piece> placed = new ArrayList<>(cuts.size());
        long gapPages = (IOVA_LIMIT - FIRST_IOVA) / PAGE / cuts.size() - 2L * MAX_PIECE / PAGE;
        long at = FIRST_IOVA;
        for (Piece cut : cuts) {
            boolean adjacent = random.nextInt(4) == 0;
            at += adjacent ? 0 : PAGE * (1 + random.nextLong(gapPages));
            if (cut.sizeBytes() == MAX_PIECE) {
                at = (at + MAX_PIECE - 1) & -MAX_PIECE;
            }
            placed.add(new Piece(at, cut.fileOffset(), cut.sizeBytes()));
            at += cut.sizeBytes();
        }
        return placed;
    }

    private static List<Piece> cut(long sizeBytes, Random random) {
        List<Piece> pieces = new ArrayList<>();
        long at = 0;
        while (at < sizeBytes) {
            long left = sizeBytes - at;
            boolean whole = at % MAX_PIECE == 0 && random.nextBoolean();
            long toBlockEnd = MAX_PIECE - at % MAX_PIECE;
            int size = whole ? MAX_PIECE : (int) Math.min(toBlockEnd, PAGE * (1L + random.nextInt(15)));
            pieces.add(new Piece(0, at, (int) Math.min(size, left)));
            at += pieces.getLast().sizeBytes();
        }
        return pieces;
    }
}
