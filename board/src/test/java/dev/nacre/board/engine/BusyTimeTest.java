package dev.nacre.board.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BusyTimeTest {
    private static final long SECOND = BusyTime.WINDOW_NS;

    private final BusyTime busy = new BusyTime();

    @Test
    void onlyTheLastWholeWindowCounts() {
        busy.add(5 * SECOND, 5 * SECOND + 300);
        busy.add(5 * SECOND + 400, 5 * SECOND + 500);

        assertThat(busy.lastWindowNs(5 * SECOND + 600)).isZero();
        assertThat(busy.lastWindowNs(6 * SECOND)).isEqualTo(400);
        assertThat(busy.lastWindowNs(6 * SECOND + 999)).isEqualTo(400);
        assertThat(busy.lastWindowNs(7 * SECOND)).isZero();
    }

    @Test
    void stretchOverWindowsIsDividedBetweenThem() {
        busy.add(SECOND - 100, 3 * SECOND + 200);

        assertThat(busy.lastWindowNs(3 * SECOND + 200)).isEqualTo(SECOND);
        assertThat(busy.lastWindowNs(4 * SECOND)).isEqualTo(200);
    }

    @Test
    void timeLongAgoIsForgotten() {
        busy.add(-SECOND, -SECOND + 100);

        assertThat(busy.lastWindowNs(100 * SECOND)).isZero();
    }
}
