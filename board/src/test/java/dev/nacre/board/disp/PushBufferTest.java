package dev.nacre.board.disp;

import static dev.nacre.board.disp.DisplayFixture.CORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.board.engine.EngineThread;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How headers are understood, and what a push buffer that makes no sense does. */
class PushBufferTest {
    private final DisplayFixture fixture = DisplayFixture.booted(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void methodsOfOneHeaderGoUp() {
        fixture.push(CORE, 3 << 18 | 0x2064, 1, 2, 3);

        assertThat(fixture.read(0x682064)).isEqualTo(1);
        assertThat(fixture.read(0x682068)).isEqualTo(2);
        assertThat(fixture.read(0x68206c)).isEqualTo(3);
    }

    @Test
    void nonIncrementingMethodsStay() {
        fixture.push(CORE, 2 << 29 | 3 << 18 | 0x2064, 1, 2, 3);

        assertThat(fixture.read(0x682064)).isEqualTo(3);
        assertThat(fixture.read(0x682068)).isZero();
    }

    @Test
    void subdeviceMaskAndZeroWordsDoNothing() {
        fixture.push(CORE, 3 << 29 | 0xffe, 0, 0, 1 << 18 | 0x2064, 7);

        assertThat(fixture.read(0x682064)).isEqualTo(7);
        assertThat(fixture.get(CORE)).isEqualTo(20);
    }

    @Test
    void jumpGoesOnElsewhere() {
        fixture.guest.writeInt(fixture.bufferOf(CORE) + 0x800, 1 << 18 | 0x2064);
        fixture.guest.writeInt(fixture.bufferOf(CORE) + 0x804, 9);
        fixture.guest.writeInt(fixture.bufferOf(CORE), 1 << 29 | 0x800);

        fixture.write(0x680000, 0x808);
        fixture.display.pass();

        assertThat(fixture.read(0x682064)).isEqualTo(9);
        assertThat(fixture.get(CORE)).isEqualTo(0x808);
    }

    @Test
    void pushBufferInVideoMemoryIsFollowed() {
        fixture.display.pushBuffer(CORE, new PushBuffer(0x10_0000, false, 0x1000, true));
        fixture.display.allocate(CORE, 0x100);
        fixture.vram.writeInt(0x10_0100, 1 << 18 | 0x2064);
        fixture.vram.writeInt(0x10_0104, 5);

        fixture.write(0x680000, 0x108);
        fixture.display.pass();

        assertThat(fixture.read(0x682064)).isEqualTo(5);
    }

    @Test
    void updateInTheMidstOfABurstHoldsTheRestUp() {
        fixture.turnOn(0);

        // UPDATE is the first of the burst, so what follows belongs to the state after it.
        fixture.push(DisplayFixture.window(0), DisplayFixture.methods(DisplayFixture.fbcon(1)));
        fixture.push(DisplayFixture.window(0), 2 << 18 | 0x200, 1, 0xdead);
        int during = fixture.read(0x690204);
        fixture.advance(DisplayFixture.FRAME_NS);

        assertThat(during).isZero();
        assertThat(fixture.read(0x690204)).isEqualTo(0xdead);
    }

    @Test
    void unknownOpcodeHaltsUntilTheNextAllocation() {
        fixture.push(CORE, 7 << 29, 1 << 18 | 0x2064, 1);
        int halted = fixture.read(0x682064);

        fixture.allocate(CORE, 0);
        fixture.push(CORE, 1 << 18 | 0x2064, 1);

        assertThat(halted).isZero();
        assertThat(fixture.read(0x682064)).isEqualTo(1);
    }

    @Test
    void pushBufferThatCannotBeReachedHalts() {
        fixture.display.pushBuffer(CORE, new PushBuffer(0x7777_0000, true, 0x1000, true));
        fixture.display.allocate(CORE, 0);

        fixture.write(0x680000, 8);
        long delay = fixture.display.pass();

        assertThat(delay).isEqualTo(EngineThread.Pass.IDLE);
        assertThat(fixture.get(CORE)).isZero();
    }

    @Test
    void pushBufferIsNotReadBeyondItsSize() {
        fixture.display.pushBuffer(CORE, new PushBuffer(fixture.bufferOf(CORE), true, 8, true));
        fixture.display.allocate(CORE, 0);

        fixture.push(CORE, 0, 0, 1 << 18 | 0x2064, 1);

        assertThat(fixture.read(0x682064)).isZero();
        assertThat(fixture.get(CORE)).isEqualTo(8);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void circleOfJumpsEndsThePassAndBacksOff() {
        fixture.guest.writeInt(fixture.bufferOf(CORE), 1 << 29);

        fixture.write(0x680000, 0x40);
        long delay = fixture.display.pass();

        assertThat(delay).isPositive().isLessThan(100_000_000);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void circleOfUpdatesEndsThePass() {
        fixture.guest.writeInt(fixture.bufferOf(CORE), 1 << 18 | 0x200);
        fixture.guest.writeInt(fixture.bufferOf(CORE) + 8, 1 << 29);

        fixture.write(0x680000, 0x40);
        long delay = fixture.display.pass();

        assertThat(delay).isPositive().isLessThan(100_000_000);
    }
}
