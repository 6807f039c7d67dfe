package dev.nacre.board.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassCostTest {
    private static final long MILLISECOND = 1_000_000;

    private final PassCost cost = new PassCost();

    @ParameterizedTest
    @ValueSource(doubles = {0.125, 0.15, 0.3, 1, 2})
    void passesComeToLastAsLongAsTheyShould(double nsPerWork) {
        for (int pass = 0; pass < 40; pass++) {
            long work = cost.workFor(MILLISECOND);
            cost.ran(work, (long) (work * nsPerWork));
        }

        assertThat(cost.workFor(MILLISECOND) * nsPerWork).isBetween(0.85 * MILLISECOND, 1.15 * MILLISECOND);
    }

    @Test
    void dearWorkIsBelievedSoon() {
        cost.ran(1 << 20, 20 * MILLISECOND);
        cost.ran(1 << 20, 20 * MILLISECOND);

        assertThat(cost.workFor(4 * MILLISECOND)).isLessThan(1 << 19);
    }

    @Test
    void passesHaveALeastAndAMost() {
        assertThat(cost.workFor(1)).isEqualTo(PassCost.LEAST_WORK);
        assertThat(cost.workFor(-5)).isEqualTo(PassCost.LEAST_WORK);
        assertThat(cost.workFor(Long.MAX_VALUE)).isEqualTo(EngineSource.PASS_WORK);
    }

    @Test
    void nextToNothingSaysNothing() {
        long before = cost.workFor(MILLISECOND);

        cost.ran(64, 50 * MILLISECOND);

        assertThat(cost.workFor(MILLISECOND)).isEqualTo(before);
    }
}
