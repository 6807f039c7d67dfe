package dev.nacre.vfio.placement;

import static dev.nacre.vfio.placement.PlacementMode.HETEROGENEOUS;
import static dev.nacre.vfio.placement.PlacementMode.HOMOGENEOUS;
import static dev.nacre.vfio.placement.PlacementRule.EVEN;
import static dev.nacre.vfio.placement.PlacementRule.HALVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlacerTest {
    private static final long GIB = 1L << 30;
    private static final long SEGMENT = 128L << 20;
    private static final BoardLayout ADA = BoardLayout.within(HALVING, 48 * GIB, 0, 48 * GIB - 10 * SEGMENT, SEGMENT);
    private static final BoardLayout BLACKWELL = BoardLayout.within(EVEN, 96 * GIB, 0, 94 * GIB, SEGMENT);

    @Test
    void alikeBeforeBlackwellOneFollowsTheOther() {
        Placer placer = new Placer(ADA, HOMOGENEOUS);

        assertThat(ids(placer.places(type(12, 4, 11)))).containsExactly(0, 12, 24, 36);
        assertThat(ids(placer.places(type(1, 32, 1))))
                .hasSize(32)
                .startsWith(0, 1, 2)
                .endsWith(31);
    }

    @Test
    void mixedBeforeBlackwellTheBoardIsHalvedFourTimes() {
        Placer placer = new Placer(ADA, HETEROGENEOUS);

        assertThat(ids(placer.places(type(1, 32, 1))))
                .hasSize(16)
                .startsWith(0, 3, 6)
                .endsWith(45);
        assertThat(ids(placer.places(type(4, 12, 3)))).containsExactly(0, 6, 12, 18, 24, 30, 36, 42);
        assertThat(ids(placer.places(type(16, 3, 15)))).containsExactly(0, 24);
        assertThat(ids(placer.places(type(48, 1, 40)))).containsExactly(0);
    }

    @Test
    void onBlackwellTheBoardIsDividedByTheInstances() {
        for (PlacementMode mode : PlacementMode.values()) {
            Placer placer = new Placer(BLACKWELL, mode);

            assertThat(ids(placer.places(type(2, 32, 2))))
                    .hasSize(32)
                    .startsWith(0, 3, 6)
                    .endsWith(93);
            assertThat(ids(placer.places(type(32, 3, 30)))).containsExactly(0, 32, 64);
        }
    }

    @Test
    void memoryOfPlacesIsInProportionToTheirIds() {
        Place place =
                new Placer(BLACKWELL, HETEROGENEOUS).places(type(48, 2, 40)).getLast();

        assertThat(place.id()).isEqualTo(48);
        assertThat(place.fbOffset()).isEqualTo(47 * GIB);
        assertThat(place.heapOffset() + place.heapBytes()).isEqualTo(94 * GIB);
    }

    @Test
    void typeThatIsLargerThanTheBoardHasNoPlace() {
        assertThat(new Placer(ADA, HOMOGENEOUS).places(type(96, 1, 90))).isEmpty();
    }

    @Test
    void smallBoardHasAsManyAsFit() {
        BoardLayout small = BoardLayout.within(HALVING, 8 * GIB, 0, 7 * GIB, SEGMENT);

        assertThat(new Placer(small, HOMOGENEOUS).places(type(2, 24, 2))).hasSize(3);
    }

    @Test
    void placeInTheSmallestGapIsChosen() {
        Placer placer = new Placer(ADA, HETEROGENEOUS);
        Footprint small = type(3, 16, 2);
        Footprint large = type(24, 2, 20);
        List<Place> taken = new ArrayList<>();
        taken.add(placer.at(small, 0, taken));
        taken.add(placer.at(type(12, 4, 10), 12, taken));

        Optional<Place> second = placer.choose(small, taken);

        assertThat(second).map(Place::id).contains(3);
        assertThat(placer.choose(large, taken)).map(Place::id).contains(24);
    }

    @Test
    void takenAndUnknownIdsAreRefusedWithThoseThatAreFree() {
        Placer placer = new Placer(ADA, HETEROGENEOUS);
        Footprint type = type(24, 2, 20);
        List<Place> taken = List.of(placer.at(type, 0, List.of()));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> placer.at(type, 0, taken))
                .withMessage("Place is taken: id=0 free=24");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> placer.at(type, 5, taken))
                .withMessage("There is no such place: id=5 free=24");
    }

    @Test
    void channelsAreTheLargestPowerOfTwoForAll() {
        assertThat(Channels.each(2048, 32)).isEqualTo(64);
        assertThat(Channels.each(1536, 24)).isEqualTo(64);
        assertThat(Channels.each(1536, 16)).isEqualTo(64);
        assertThat(Channels.each(1536, 12)).isEqualTo(128);
        assertThat(Channels.each(16, 32)).isZero();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Boards, types and comings and goings by chance, against a map of who has which 2 MiB. */
    @ParameterizedTest
    @MethodSource("seeds")
    void placesNeverOverlapAndNothingThatFitsIsRefused(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Placer placer = placer(random);
        Model model = new Model(placer.board());
        Footprint alike = type(random);
        for (int step = 0; step < 200; step++) {
            if (random.nextInt(3) == 0 && !model.taken.isEmpty()) {
                model.remove(random.nextInt(model.taken.size()));
                continue;
            }
            Footprint type = placer.mode() == HOMOGENEOUS ? alike : type(random);
            List<Place> places = placer.places(type);
            Optional<Place> chosen = placer.choose(type, model.taken);

            assertThat(placer.places(type)).as("places are stable").isEqualTo(places);
            assertThat(places).hasSizeLessThanOrEqualTo(Math.max(16, type.maxInstances()));
            assertThat(chosen.isPresent())
                    .as("a place is given if one is free: seed=%d", seed)
                    .isEqualTo(places.stream().anyMatch(model::isFree));
            chosen.ifPresent(place -> {
                assertThat(places).contains(place);
                model.add(place, type);
            });
        }
    }

    private static Placer placer(SplittableRandom random) {
        long segment = 32L << 20 << random.nextInt(5);
        int gib = 1 + random.nextInt(96);
        long offset = random.nextInt(64) * (1L << 20);
        long bytes = Math.max(0, gib * GIB - offset - random.nextInt(2048) * (1L << 20));
        PlacementRule rule = random.nextBoolean() ? HALVING : EVEN;
        PlacementMode mode = random.nextBoolean() ? HOMOGENEOUS : HETEROGENEOUS;
        return new Placer(BoardLayout.within(rule, gib * GIB, offset, bytes, segment), mode);
    }

    private static Footprint type(SplittableRandom random) {
        int gib = 1 + random.nextInt(random.nextBoolean() ? 4 : 96);
        long fb = Math.max(512L << 20, gib * GIB - random.nextInt(4096) * (1L << 20));
        return new Footprint(gib, 1 + random.nextInt(48), fb, (1L + random.nextInt(512)) << 20);
    }

    private static Footprint type(int gib, int instances, int fbGib) {
        return new Footprint(gib, instances, fbGib * GIB, 32L << 20);
    }

    private static List<Integer> ids(List<Place> places) {
        return places.stream().map(Place::id).toList();
    }

    /** Who has which 2 MiB of a board, and which placement ids. */
    private static final class Model {
        private static final long GRANULE = 2L << 20;

        private final BoardLayout board;
        private final List<Place> taken = new ArrayList<>();

        Model(BoardLayout board) {
            this.board = board;
        }

        boolean isFree(Place place) {
            BitSet memory = memory(place);
            BitSet ids = ids(place);
            return taken.stream()
                    .noneMatch(other ->
                            memory(other).intersects(memory) || ids(other).intersects(ids));
        }

        void add(Place place, Footprint type) {
            assertThat(isFree(place)).isTrue();
            assertThat(place.fbOffset()).isGreaterThanOrEqualTo(board.fbOffset());
            assertThat(place.heapOffset() + place.heapBytes()).isLessThanOrEqualTo(board.fbOffset() + board.fbBytes());
            assertThat(place.fbOffset() % board.segmentBytes()).isZero();
            assertThat(place.fbBytes() % board.segmentBytes()).isZero();
            assertThat(place.heapOffset() % GRANULE).isZero();
            assertThat(place.fbBytes()).isGreaterThanOrEqualTo(type.fbBytes());
            assertThat(place.heapBytes()).isGreaterThanOrEqualTo(type.heapBytes());
            assertThat(place.fbOffset() + place.fbBytes()).isLessThanOrEqualTo(place.heapOffset());
            taken.add(place);
        }

        void remove(int index) {
            taken.remove(index);
        }

        private static BitSet memory(Place place) {
            BitSet bits = new BitSet();
            bits.set(granule(place.fbOffset()), granule(place.heapOffset() + place.heapBytes()));
            return bits;
        }

        private static BitSet ids(Place place) {
            BitSet bits = new BitSet();
            bits.set(place.id(), place.id() + place.sizeGib());
            return bits;
        }

        private static int granule(long offset) {
            return (int) (offset / GRANULE);
        }
    }
}
