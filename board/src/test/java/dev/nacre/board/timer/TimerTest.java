package dev.nacre.board.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerTest {
    private static final long START_NS = 123_456_789_012L;

    private long nowNs = START_NS;
    private final Timer timer = new Timer(() -> nowNs);

    @Test
    void timeStartsAtZeroAndRunsInStepsOf32Ns() {
        assertThat(timer.timeNs()).isZero();

        nowNs += 0x1_0000_003fL;

        assertThat(timer.registers().read(0x9400)).isEqualTo(0x20);
        assertThat(timer.registers().read(0x9410)).isEqualTo(1);
    }

    @Test
    void aWrittenTimeRunsOn() {
        timer.registers().write(0x9410, 0x12);
        timer.registers().write(0x9400, 0x3456_7800);

        nowNs += 64;

        assertThat(timer.timeNs()).isEqualTo(0x12_3456_7840L);
    }

    @Test
    void aRestoredTimerGoesOnFromWhereItWas() {
        nowNs += 1_000_000;
        StateWriter saved = new StateWriter();
        timer.save(saved);
        Timer other = new Timer(() -> 5);

        other.restore(new StateReader(saved.toByteArray()));

        assertThat(other.timeNs()).isEqualTo(1_000_000);
    }

    @Test
    void aResetTimerStartsAtZero() {
        timer.registers().write(0x9410, 0x12);
        timer.registers().write(0x9140, 1);

        timer.reset();

        assertThat(timer.timeNs()).isZero();
        assertThat(timer.registers().read(0x9140)).isZero();
    }

    @Test
    void theUsersPageShowsTheSameTimeAndRingsTheHost() {
        List<Integer> tokens = new ArrayList<>();
        Usermode usermode = new Usermode(timer, tokens::add);
        nowNs += 0x2_0000_0040L;

        usermode.registers().write(0xbb0090, 0x10003);

        assertThat(usermode.registers().read(0xbb0080)).isEqualTo(0x40);
        assertThat(usermode.registers().read(0xbb0084)).isEqualTo(2);
        assertThat(tokens).containsExactly(0x10003);
    }
}
