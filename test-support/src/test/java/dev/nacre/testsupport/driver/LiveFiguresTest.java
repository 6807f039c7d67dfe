package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A driver finds out how busy, warm and fast its GPU is. */
class LiveFiguresTest {
    private static final int EVERY_MS = 100;

    private Board board = new Board(new BoardConfig(Chip.AD102, 512L << 20, 0));
    private DirectDriver driver = driver();

    private DirectDriver driver() {
        return new DirectDriver(
                new InProcessTransport(board), DirectDriver.Options.of(Chip.AD102, 5), ProgressListener.NONE);
    }

    @AfterEach
    void close() {
        driver.transport().close();
        driver.close();
        board.close();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadlineNs);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static int word(Optional<LiveFigures.Section> section) {
        return section.orElseThrow().words().get(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4})
    void figuresMoveWithCopies(int vfs) {
        close();
        board = new Board(new BoardConfig(Chip.AD102, 2048L << 20, 0, vfs));
        driver = driver();
        driver.runThrough(Step.CE_CHANNEL);
        LiveFigures figures = driver.liveFigures();
        figures.poll(LiveFigures.CLOCK | LiveFigures.PERF | LiveFigures.POWER | LiveFigures.THERMAL, EVERY_MS);
        await("idle figures", () -> figures.utilisation().isPresent() && word(figures.utilisation()) == 0);
        await("idle memory", () -> figures.utilisation().orElseThrow().words().get(1) == 0);
        int idlePower = word(figures.power());
        int idleClock = word(figures.clocks());
        int idleTemperature = word(figures.temperature());
        assertThat(idlePower).isEqualTo(36_000);
        assertThat(idleClock).isEqualTo(210);
        assertThat(idleTemperature).isBetween(25 * 256, 40 * 256);
        CopyTimer copies = driver.copyTimer();

        // The copies are on one of two copy runlists.
        await("busy figures", () -> {
            copies.copyNs(CopyTimer.Kind.VIDEO_TO_VIDEO);
            return figures.utilisation().map(now -> now.words().get(1)).orElse(0) > 5
                    && figures.power().map(now -> now.words().get(0)).orElse(0) > idlePower
                    && figures.temperature().map(now -> now.words().get(0)).orElse(0) > idleTemperature;
        });

        assertThat(word(figures.clocks())).isEqualTo(2490);
        assertThat(board.telemetry().copyUsage()).isPositive();
        assertThat(board.engineTime().copyNs()).isPositive();
        await(
                "idle again",
                () -> figures.power()
                        .filter(now -> now.words().get(0) == idlePower)
                        .isPresent());
    }

    @Test
    void stampsGoOnWhileSomethingIsWantedAndStandOtherwise() {
        driver.runThrough(Step.CE_CHANNEL);
        LiveFigures figures = driver.liveFigures();
        assertThat(figures.power()).isEmpty();
        figures.poll(LiveFigures.POWER, EVERY_MS);
        await("figures", () -> figures.power().isPresent());
        long first = figures.power().orElseThrow().stampUs();

        await("later figures", () -> figures.power().orElseThrow().stampUs() > first);

        assertThat(figures.temperature()).isEmpty();
        figures.poll(0, 0);
        long last = figures.power().orElseThrow().stampUs();
        board.drain(TimeUnit.SECONDS.toNanos(1));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3 * EVERY_MS));
        assertThat(figures.power().orElseThrow().stampUs()).isEqualTo(last);
    }
}
