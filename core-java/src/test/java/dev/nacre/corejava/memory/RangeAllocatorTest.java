package dev.nacre.corejava.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.nacre.corejava.memory.RangeAllocator.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangeAllocatorTest {
    private static final int NUMBERS = 512;

    @Test
    void smallestRangeThatFits_isTaken() {
        RangeAllocator ranges = new RangeAllocator(List.of(new Range(0, 100), new Range(200, 10), new Range(300, 20)));

        assertThat(ranges.allocate(10, 1)).hasValue(200);
        assertThat(ranges.allocate(10, 1)).hasValue(300);
        assertThat(ranges.allocate(11, 1)).hasValue(0);
    }

    @Test
    void alignedRange_leavesWhatIsBefore() {
        RangeAllocator ranges = RangeAllocator.of(3, 61);

        assertThat(ranges.allocate(16, 16)).hasValue(16);
        assertThat(ranges.freeRanges()).containsExactly(new Range(3, 13), new Range(32, 32));
    }

    @Test
    void rangeThatWasFreedTwice_isRefused() {
        RangeAllocator ranges = RangeAllocator.of(0, 8);
        long start = ranges.allocate(4, 1).orElseThrow();
        ranges.free(start);

        assertThatIllegalStateException().isThrownBy(() -> ranges.free(start));
        assertThatIllegalStateException().isThrownBy(() -> ranges.free(2));
        assertThat(ranges.available()).isEqualTo(8);
    }

    @Test
    void rangeAtAPlace_isTakenOnlyIfAllOfItIsFree() {
        RangeAllocator ranges = RangeAllocator.of(0, 32);

        assertThat(ranges.allocateAt(8, 8)).isTrue();
        assertThat(ranges.allocateAt(15, 2)).isFalse();
        assertThat(ranges.allocateAt(4, 8)).isFalse();
        assertThat(ranges.allocateAt(31, 2)).isFalse();
        assertThat(ranges.allocateAt(16, 16)).isTrue();
    }

    @Test
    void emptyAllocator_givesNothing() {
        assertThat(RangeAllocator.of(7, 0).allocate(1, 1)).isEmpty();
    }

    @Test
    void sizesNearTheLimit_doNotWrap() {
        RangeAllocator ranges = RangeAllocator.of(1, 100);

        assertThat(ranges.allocate(Long.MAX_VALUE, 1)).isEmpty();
        assertThat(ranges.allocate(1, 1L << 62)).isEmpty();
        assertThat(ranges.allocateAt(50, Long.MAX_VALUE)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomUse_agreesWithAPlainModel(long seed) {
        Random random = new Random(seed);
        BitSet model = new BitSet(NUMBERS);
        List<Range> taken = new ArrayList<>();
        RangeAllocator ranges = new RangeAllocator(List.of(new Range(0, 200), new Range(256, NUMBERS - 256)));
        model.set(200, 256);

        for (int step = 0; step < 4000; step++) {
            if (!taken.isEmpty() && random.nextInt(100) < 45) {
                Range range = taken.remove(random.nextInt(taken.size()));
                ranges.free(range.start());
                model.clear((int) range.start(), (int) range.end());
            } else {
                take(ranges, random, model, taken);
            }
            assertThat(ranges.available()).isEqualTo(NUMBERS - model.cardinality());
            assertThat(ranges.freeRanges()).isEqualTo(holes(model));
        }
        taken.forEach(range -> ranges.free(range.start()));
        assertThat(ranges.available()).isEqualTo(ranges.total());
        assertThat(ranges.freeRanges()).hasSize(2);
    }

    private static void take(RangeAllocator ranges, Random random, BitSet model, List<Range> taken) {
        int size = 1 + random.nextInt(40);
        OptionalLong start;
        if (random.nextInt(4) == 0) {
            int at = random.nextInt(NUMBERS);
            boolean free = at + size <= NUMBERS && model.get(at, at + size).isEmpty();
            assertThat(ranges.allocateAt(at, size)).isEqualTo(free);
            start = free ? OptionalLong.of(at) : OptionalLong.empty();
        } else {
            int align = 1 << random.nextInt(6);
            start = ranges.allocate(size, align);
            assertThat(start).isEqualTo(bestFit(model, size, align));
        }
        start.ifPresent(at -> {
            model.set((int) at, (int) at + size);
            taken.add(new Range(at, size));
        });
    }

    /** The aligned place in the smallest hole, of equals the lowest. */
    private static OptionalLong bestFit(BitSet model, int size, int align) {
        OptionalLong best = OptionalLong.empty();
        long bestSize = Long.MAX_VALUE;
        for (Range hole : holes(model)) {
            long at = Math.ceilDiv(hole.start(), align) * (long) align;
            if (at + size <= hole.end() && hole.size() < bestSize) {
                best = OptionalLong.of(at);
                bestSize = hole.size();
            }
        }
        return best;
    }

    private static List<Range> holes(BitSet model) {
        List<Range> holes = new ArrayList<>();
        int at = model.nextClearBit(0);
        while (at < NUMBERS) {
            int next = model.nextSetBit(at);
            int end = next < 0 ? NUMBERS : next;
            holes.add(new Range(at, end - at));
            at = model.nextClearBit(end);
        }
        return holes;
    }
}
