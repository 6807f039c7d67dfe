package dev.nacre.corejava.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.CoreException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelIdPoolTest {
    @ParameterizedTest
    @CsvSource({"2048,1536,1536", "2048,4096,1984", "2048,0,0", "64,1536,0", "10,10,0"})
    void reservedIds_leaveTheCoreItsOwn(int channels, int wanted, int reserved) {
        ChannelIdPool pool = new ChannelIdPool(channels, wanted);

        assertThat(pool.reserved()).isEqualTo(reserved);
        assertThat(pool.availableOwn()).isEqualTo(channels - reserved);
    }

    @Test
    void poolsDoNotShareIds() {
        ChannelIdPool pool = new ChannelIdPool(128, 64);

        assertThat(pool.allocateReserved(64)).isEqualTo(64);
        for (int i = 0; i < 64; i++) {
            assertThat(pool.allocateOwn()).isLessThan(64);
        }
        assertThatThrownBy(pool::allocateOwn).isInstanceOf(CoreException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomUse_agreesWithAPlainModel(long seed) {
        Random random = new Random(seed);
        ChannelIdPool pool = new ChannelIdPool(192, 128);
        boolean[] taken = new boolean[192];
        Map<Integer, Integer> ranges = new HashMap<>();
        for (int step = 0; step < 3000; step++) {
            int count = 1 + random.nextInt(24);
            if (random.nextBoolean() && !ranges.isEmpty()) {
                int first = ranges.keySet().iterator().next();
                int freed = Objects.requireNonNull(ranges.remove(first));
                Arrays.fill(taken, first, first + freed, false);
                pool.freeReserved(first);
            } else if (longestFree(taken) >= count) {
                int first = pool.allocateReserved(count);
                for (int id = first; id < first + count; id++) {
                    assertThat(taken[id]).isFalse();
                    taken[id] = true;
                }
                ranges.put(first, count);
            } else {
                assertThatThrownBy(() -> pool.allocateReserved(count)).isInstanceOf(CoreException.class);
            }
            int used = ranges.values().stream().mapToInt(Integer::intValue).sum();
            assertThat(pool.availableReserved()).isEqualTo(128 - used);
        }
    }

    private static int longestFree(boolean[] taken) {
        int longest = 0;
        int run = 0;
        for (int id = 64; id < taken.length; id++) {
            run = taken[id] ? 0 : run + 1;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
