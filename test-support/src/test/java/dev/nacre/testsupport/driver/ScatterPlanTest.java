package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScatterPlanTest {
    private static final long SIZE = 16L << 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 99})
    void piecesCoverTheFileOnce(long seed) {
        List<ScatterPlan.Piece> pieces = ScatterPlan.of(SIZE, new Random(seed));

        long next = 0;
        for (ScatterPlan.Piece piece : sorted(pieces, Comparator.comparingLong(ScatterPlan.Piece::fileOffset))) {
            assertThat(piece.fileOffset()).isEqualTo(next);
            assertThat(piece.sizeBytes() % ScatterPlan.PAGE).isZero();
            next += piece.sizeBytes();
        }
        assertThat(next).isEqualTo(SIZE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 99})
    void addressesDoNotOverlapAndStayBelowTheDmaMask(long seed) {
        List<ScatterPlan.Piece> pieces = ScatterPlan.of(SIZE, new Random(seed));

        long end = 0;
        for (ScatterPlan.Piece piece : sorted(pieces, Comparator.comparingLong(ScatterPlan.Piece::iova))) {
            assertThat(piece.iova()).isGreaterThanOrEqualTo(end);
            assertThat(piece.iova() % ScatterPlan.PAGE).isZero();
            end = piece.iova() + piece.sizeBytes();
        }
        assertThat(end).isLessThan(1L << 46);
    }

    @Test
    void someNeighboursByAddressAreNoNeighboursInTheFile() {
        List<ScatterPlan.Piece> pieces =
                sorted(ScatterPlan.of(SIZE, new Random(5)), Comparator.comparingLong(ScatterPlan.Piece::iova));

        long touching = 0;
        long contiguous = 0;
        for (int i = 1; i < pieces.size(); i++) {
            ScatterPlan.Piece before = pieces.get(i - 1);
            if (before.iova() + before.sizeBytes() == pieces.get(i).iova()) {
                touching++;
                contiguous += before.fileOffset() + before.sizeBytes()
                                == pieces.get(i).fileOffset()
                        ? 1
                        : 0;
            }
        }
        assertThat(touching).isPositive();
        assertThat(contiguous).isLessThan(touching);
    }

    @Test
    void wholePiecesAreAlignedToTheirSize() {
        assertThat(ScatterPlan.of(SIZE, new Random(6)))
                .filteredOn(piece -> piece.sizeBytes() == ScatterPlan.MAX_PIECE)
                .isNotEmpty()
                .allMatch(piece -> piece.iova() % ScatterPlan.MAX_PIECE == 0);
    }

    @Test
    void theSameSeedGivesTheSamePlan() {
        assertThat(ScatterPlan.of(SIZE, new Random(7))).isEqualTo(ScatterPlan.of(SIZE, new Random(7)));
    }

    private static List<ScatterPlan.Piece> sorted(List<ScatterPlan.Piece> pieces, Comparator<ScatterPlan.Piece> by) {
        return pieces.stream().sorted(by).toList();
    }
}
