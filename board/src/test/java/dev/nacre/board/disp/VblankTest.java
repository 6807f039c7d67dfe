package dev.nacre.board.disp;

import static dev.nacre.board.disp.DisplayFixture.FRAME_NS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.engine.EngineThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frame events and raster positions by a clock that the test moves. */
class VblankTest {
    private static final int STATUS = 0x611800;
    private static final int INTERRUPT = 0x611c00;
    private static final int ENABLE = 0x611d80;
    private static final int DISPATCH = 0x611ec0;
    private static final int LINE = 0x616330;
    private static final int PIXEL = 0x616334;
    private static final int LAST_DATA = 2;

    private final DisplayFixture fixture = DisplayFixture.booted(2);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nobodyIsInterruptedUnasked() {
        fixture.turnOn(0);

        fixture.advance(10 * FRAME_NS);

        assertThat(fixture.interrupts).hasValue(0);
        assertThat(fixture.read(DISPATCH)).isZero();
        assertThat(fixture.display.pass()).isEqualTo(EngineThread.Pass.IDLE);
    }

    @Test
    void enabledHeadInterruptsOnceAFrameUntilAcknowledged() {
        fixture.turnOn(0);
        fixture.write(ENABLE, LAST_DATA);
        fixture.display.pass();
        int early = fixture.interrupts.get();

        fixture.advance(FRAME_NS);

        assertThat(early).isZero();
        assertThat(fixture.interrupts).hasValue(1);
        assertThat(fixture.read(DISPATCH)).isEqualTo(1);
        assertThat(fixture.read(INTERRUPT)).isEqualTo(LAST_DATA);
        assertThat(fixture.read(STATUS)).isEqualTo(LAST_DATA);
        fixture.write(STATUS, LAST_DATA);
        assertThat(fixture.read(INTERRUPT)).isZero();
        assertThat(fixture.read(DISPATCH)).isZero();
        assertThat(fixture.interrupts).hasValue(1);
    }

    @Test
    void eventComesAtTheFirstBlankLine() {
        fixture.turnOn(0);
        fixture.write(ENABLE, LAST_DATA);
        long delay = fixture.display.pass();

        fixture.timeNs.addAndGet(delay - 1);
        int before = fixture.read(LINE) & 0xffff;
        fixture.display.pass();
        int interruptsBefore = fixture.interrupts.get();
        fixture.advance(1);

        assertThat(before).isEqualTo(801);
        assertThat(interruptsBefore).isZero();
        assertThat(fixture.interrupts).hasValue(1);
        assertThat(fixture.read(LINE) & 0xffff).isEqualTo(802);
    }

    @Test
    void limitSlowsFramesDownWhileItIsInEffect() {
        int[] limit = {30};
        fixture.display.frameRateLimit(() -> limit[0]);
        fixture.turnOn(0);
        fixture.write(ENABLE, LAST_DATA);

        int limited = framesInASecond();
        limit[0] = 0;
        framesInASecond();
        int unlimited = framesInASecond();
        limit[0] = 120;
        framesInASecond();

        assertThat(limited).isBetween(29, 30);
        assertThat(unlimited).isBetween(59, 61);
        assertThat(framesInASecond()).isBetween(59, 61);
    }

    private int framesInASecond() {
        int before = fixture.interrupts.get();
        long end = fixture.timeNs.get() + 1_000_000_000;
        for (long delay = fixture.display.pass(); fixture.timeNs.get() + delay <= end; delay = fixture.display.pass()) {
            fixture.advance(delay);
            fixture.write(STATUS, LAST_DATA);
        }
        fixture.timeNs.set(end);
        return fixture.interrupts.get() - before;
    }

    @Test
    void framesDoNotDriftFromThePixelClock() {
        fixture.turnOn(0);
        fixture.write(ENABLE, LAST_DATA);
        long start = fixture.timeNs.get();

        for (int frame = 0; frame < 600; frame++) {
            fixture.advance(fixture.display.pass());
            fixture.write(STATUS, LAST_DATA);
        }

        assertThat(fixture.interrupts).hasValue(600);
        long blanks = 599L * 1344 * 806 + 802L * 1344;
        assertThat(fixture.timeNs.get() - start).isBetween(nsOf(blanks), nsOf(blanks) + 2);
    }

    private static long nsOf(long pixels) {
        return pixels * 1000 / 65;
    }

    @Test
    void passThatIsLateByFramesInterruptsOnceAndKeepsThePace() {
        fixture.turnOn(0);
        fixture.write(ENABLE, LAST_DATA);
        fixture.display.pass();

        fixture.advance(7 * FRAME_NS + FRAME_NS / 2);
        int late = fixture.interrupts.get();
        long delay = fixture.display.pass();

        assertThat(late).isEqualTo(1);
        assertThat(delay).isBetween(FRAME_NS / 4, FRAME_NS);
    }

    @Test
    void headThatIsOffKeepsTimeAtSixtyHertz() {
        fixture.write(ENABLE, LAST_DATA);
        fixture.display.pass();

        for (int i = 0; i < 60; i++) {
            fixture.advance(16_666_667);
        }

        assertThat(fixture.interrupts.get()).isBetween(59, 60);
        assertThat(fixture.read(LINE)).isZero();
    }

    @Test
    void enablingWaitsForTheNextBlank() {
        fixture.turnOn(0);
        fixture.advance(5 * FRAME_NS + FRAME_NS / 2);

        fixture.write(ENABLE, LAST_DATA);
        fixture.display.pass();

        assertThat(fixture.interrupts).hasValue(0);
    }

    @Test
    void acknowledgingOneHeadReassertsTheOther() {
        fixture.turnOn(0);
        fixture.turnOn(1);
        fixture.write(ENABLE, LAST_DATA);
        fixture.write(ENABLE + 4, LAST_DATA);
        fixture.advance(2 * FRAME_NS);
        int before = fixture.interrupts.get();

        fixture.write(STATUS, LAST_DATA);

        assertThat(fixture.read(DISPATCH)).isEqualTo(2);
        assertThat(fixture.interrupts).hasValue(before + 1);
    }

    @Test
    void disabledHeadDoesNotInterruptWithWhatIsPending() {
        fixture.turnOn(0);
        fixture.write(ENABLE, LAST_DATA);
        fixture.advance(FRAME_NS);

        fixture.write(ENABLE, 0);

        assertThat(fixture.read(INTERRUPT)).isZero();
        assertThat(fixture.read(DISPATCH)).isZero();
        assertThat(fixture.read(STATUS)).isEqualTo(LAST_DATA);
    }

    @Test
    void positionRunsWithTimeAndIsHeldBetweenItsTwoRegisters() {
        fixture.turnOn(0);
        fixture.timeNs.addAndGet((1344L * 100 + 10) * 1000 / 65 + 1);

        int line = fixture.read(LINE) & 0xffff;
        fixture.timeNs.addAndGet(5_000);

        assertThat(line).isEqualTo(100);
        assertThat(fixture.read(PIXEL)).isEqualTo(10);
    }

    @Test
    void lineCountsFramesAbove() {
        fixture.turnOn(0);

        fixture.timeNs.addAndGet(3 * FRAME_NS + 1000);

        assertThat(fixture.read(LINE) >>> 16).isEqualTo(3);
    }

    @Test
    void rasterThatStaysGoesOnThroughAnUpdateAndOneThatChangesBeginsAnew() {
        fixture.turnOn(0);
        fixture.timeNs.addAndGet(FRAME_NS / 2);
        int before = fixture.read(LINE) & 0xffff;
        fixture.core(0x20a0, 0x72ff, 0x200, 1);
        int same = fixture.read(LINE) & 0xffff;

        fixture.core(0x200c, 66_000_000, 0x200, 1);

        assertThat(before).isPositive();
        assertThat(same).isEqualTo(before);
        assertThat(fixture.read(LINE) & 0xffff).isZero();
    }

    @Test
    void impossibleRastersKeepTheEngineNearlyIdle() {
        fixture.core(0x2064, 0x0001_0001, 0x200c, 0x7fff_ffff, 0x200, 1);
        fixture.write(ENABLE, LAST_DATA);
        long fast = fixture.display.pass();
        fixture.core(0x2064, 0x7fff_7fff, 0x200c, 1, 0x200, 1);
        long slow = fixture.display.pass();

        assertThat(fast).isBetween(100_000L, 1_000_000L);
        assertThat(slow).isLessThanOrEqualTo(1_000_000_000L);
    }
}
