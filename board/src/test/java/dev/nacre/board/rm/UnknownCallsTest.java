package dev.nacre.board.rm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnknownCallsTest {
    @Test
    void namesWithoutEnd_takeBoundedRoomAndAreAllCounted() {
        UnknownCalls calls = new UnknownCalls();

        for (int i = 0; i < 5000; i++) {
            calls.count("control", "made up " + i);
        }

        assertThat(calls.counts()).hasSizeBetween(UnknownCalls.MAX_NAMES, UnknownCalls.MAX_NAMES + 1);
        assertThat(calls.counts().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(5000);
    }
}
