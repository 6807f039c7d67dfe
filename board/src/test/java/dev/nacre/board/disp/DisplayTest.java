package dev.nacre.board.disp;

import static dev.nacre.board.disp.DisplayFixture.FRAME_NS;
import static dev.nacre.board.disp.DisplayFixture.SYNC_HANDLE;
import static dev.nacre.board.disp.DisplayFixture.fbcon;
import static dev.nacre.board.disp.DisplayFixture.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.Output;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.gsp.GspEvents;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Monitors, saved state, and drivers that mean no good. */
class DisplayTest {
    private static final int BEGUN = 0x4000_0000;

    /** Keeps what is told of monitors. */
    private static final class HotplugLog implements GspEvents {
        final List<String> told = new ArrayList<>();

        @Override
        public void channelError(int rmEngineType, int channelId, int exceptionType, long faultAddress, int faultType) {
            throw new AssertionError("no channel of the host is the display's");
        }

        @Override
        public void hotplug(int plugged, int unplugged) {
            told.add("+" + Integer.toHexString(plugged) + " -" + Integer.toHexString(unplugged));
        }

        @Override
        public void errorLog(int xid, int runlist, int channelId, String text) {
            throw new AssertionError(text);
        }
    }

    @Test
    void everyHeadHasADisplayASorAndTwoWindows() {
        try (DisplayFixture fixture = new DisplayFixture(4)) {
            Display display = fixture.display;

            assertThat(display.heads()).isEqualTo(4);
            assertThat(display.windows()).isEqualTo(8);
            assertThat(display.supportedDisplays()).isEqualTo(0xf00);
            assertThat(display.connectedDisplays()).isEqualTo(0xf00);
            assertThat(display.output(0x400)).isEqualTo(new Output(2, 2, 1, 0x31));
            assertThat(display.assignSor(0x800)).isEqualTo(3);
            assertThat(display.assignSor(0x1000)).isEqualTo(-1);
            assertThat(display.edid(0x100)).hasSize(128);
        }
    }

    @Test
    void boardWithoutHeadsHasNoDisplays() {
        try (DisplayFixture fixture = new DisplayFixture(0)) {
            assertThat(fixture.display.supportedDisplays()).isZero();
            assertThat(fixture.read(0x625f04)).isZero();
            assertThat(fixture.read(0x611ec0)).isZero();
        }
    }

    @Test
    void monitorsThatComeAndGoAreTold() {
        try (DisplayFixture fixture = new DisplayFixture(2)) {
            HotplugLog log = new HotplugLog();
            fixture.display.onHotplug(log);

            fixture.display.plug(1, false);
            fixture.display.plug(1, false);
            int without = fixture.display.connectedDisplays();
            byte[] edid = fixture.display.edid(0x200);
            fixture.display.plug(1, true);
            fixture.display.plug(0, true);

            assertThat(log.told).containsExactly("+0 -200", "+200 -0");
            assertThat(without).isEqualTo(0x100);
            assertThat(edid).isEmpty();
            assertThat(fixture.display.connectedDisplays()).isEqualTo(0x300);
        }
    }

    @Test
    void headThatDoesNotExistIsRefused() {
        try (DisplayFixture fixture = new DisplayFixture(1)) {
            assertThatThrownBy(() -> fixture.display.plug(1, true)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> fixture.display.scanout(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void channelThatDoesNotExistIsNotAllocated() {
        try (DisplayFixture fixture = new DisplayFixture(1)) {
            Display display = fixture.display;

            assertThat(display.allocate(new Channel(ChannelKind.WINDOW, 2), 0)).isFalse();
            assertThat(display.allocate(new Channel(ChannelKind.CURSOR, -1), 0)).isFalse();
            assertThat(display.allocate(new Channel(ChannelKind.CORE, 1), 0)).isFalse();
            display.free(new Channel(ChannelKind.WINDOW, 99));
            display.pushBuffer(new Channel(ChannelKind.WINDOW, 99), new PushBuffer(0, false, 0, true));
        }
    }

    @Test
    void threadWorksWhenRungByPut() {
        try (DisplayFixture fixture = DisplayFixture.booted(1)) {
            fixture.kick(DisplayFixture.CORE, DisplayFixture.methods(DisplayFixture.modeset(0)));

            EngineThread thread = fixture.display.threads().getFirst();
            assertThat(thread.drain(TimeUnit.SECONDS.toNanos(30))).isTrue();
            assertThat(fixture.notifier(0)).isEqualTo(0x8000_0000);
            assertThat(thread.defects()).isZero();
        }
    }

    @Test
    void onlyKnownAddressesAreModelled() {
        try (DisplayFixture fixture = new DisplayFixture(1)) {
            assertThat(fixture.display.registers().models(0x611d80)).isTrue();
            assertThat(fixture.display.registers().models(0x64013c)).isTrue();
            assertThat(fixture.display.registers().models(0x68a064)).isTrue();
            assertThat(fixture.display.registers().models(0x690004)).isTrue();
            assertThat(fixture.display.registers().models(0x692004)).isFalse();
            assertThat(fixture.display.registers().models(0x61c000)).isFalse();
            assertThat(fixture.read(0x64013c)).isZero();
        }
    }

    // State.

    private static byte[] save(Display display) {
        StateWriter out = new StateWriter();
        display.save(out);
        return out.toByteArray();
    }

    @Test
    void modesetGoesOnInAnotherBoard() {
        try (DisplayFixture from = DisplayFixture.booted(1);
                DisplayFixture to = new DisplayFixture(1)) {
            from.turnOn(0);
            from.display.plug(0, false);
            from.write(0x611d80, 2);
            from.timeNs.addAndGet(3_000_000);
            // The window waits for the core, with the rest of a burst behind its update.
            from.window(0, with(fbcon(1), 0x21c, SYNC_HANDLE, 0x220, 0x60, 0x370, 1, 0x374, 1));
            from.push(DisplayFixture.window(0), 2 << 18 | 0x200, 1, 0xbeef);
            int line = from.read(0x616330);
            from.vram.writeInt(0, 0x0055_6677);

            to.timeNs.set(77_000_000_000L);
            to.video.copyFrom(from.video);
            to.system.copyFrom(from.system);
            to.display.restore(new StateReader(save(from.display)));
            int lineAfter = to.read(0x616330) & 0xffff;
            to.kick(DisplayFixture.CORE, DisplayFixture.methods(0x21c, 1, 0x200, 1));
            // The fixture writes push buffers where its own channels have them; both allocated in the same order.
            to.display.pass();
            to.advance(FRAME_NS);

            assertThat(lineAfter).isEqualTo(line & 0xffff);
            assertThat(to.display.connectedDisplays()).isZero();
            assertThat(to.notifier(0x60)).isEqualTo(BEGUN);
            assertThat(to.read(0x690204)).isEqualTo(0xbeef);
            assertThat(to.pixel(0, 0)).isEqualTo(0xff55_6677);
            assertThat(to.read(0x611c00)).isEqualTo(2);
        }
    }

    @Test
    void savedStateIsTheSameAfterARoundTrip() {
        try (DisplayFixture from = DisplayFixture.booted(2);
                DisplayFixture to = new DisplayFixture(2)) {
            from.turnOn(1);
            from.write(0x6d8208, 5);
            byte[] saved = save(from.display);

            to.display.restore(new StateReader(saved));

            assertThat(save(to.display)).isEqualTo(saved);
        }
    }

    @Test
    void stateOfAnotherBoardLeavesThePartAsAfterReset() {
        try (DisplayFixture from = DisplayFixture.booted(1);
                DisplayFixture to = DisplayFixture.booted(2)) {
            to.turnOn(0);
            byte[] fresh;
            try (DisplayFixture other = new DisplayFixture(2)) {
                fresh = save(other.display);
            }

            assertThatThrownBy(() -> to.display.restore(new StateReader(save(from.display))))
                    .isInstanceOf(StateException.class);

            assertThat(save(to.display)).isEqualTo(fresh);
        }
    }

    @Test
    void resetForgetsEverything() {
        try (DisplayFixture fixture = DisplayFixture.booted(1);
                DisplayFixture fresh = new DisplayFixture(1)) {
            fixture.turnOn(0);
            fixture.write(0x611d80, 2);
            fixture.display.plug(0, false);

            fixture.display.reset();

            assertThat(save(fixture.display)).isEqualTo(save(fresh.display));
            assertThat(fixture.display.scanout(0)).isEmpty();
        }
    }

    // Hostile drivers.

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Timeout(value = 600, unit = TimeUnit.SECONDS)
    void randomPushBuffersDoNoHarm(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (DisplayFixture fixture = DisplayFixture.booted(2)) {
            for (int round = 0; round < 60; round++) {
                Channel channel = switch (random.nextInt(3)) {
                    case 0 -> DisplayFixture.CORE;
                    case 1 -> DisplayFixture.window(random.nextInt(4));
                    default -> DisplayFixture.immediate(random.nextInt(4));
                };
                fixture.allocate(channel, random.nextInt() & 0x3c);
                int count = random.nextInt(900);
                for (int i = 0; i < count; i++) {
                    fixture.guest.writeInt(fixture.bufferOf(channel) + 4L * i, word(random));
                }
                fixture.write(DisplayFixture.registersOf(channel), 4 * count);
                fixture.timeNs.addAndGet(random.nextInt(40_000_000));
                assertThat(fixture.display.pass()).isPositive();
                fixture.write(0x611800 + 4 * random.nextInt(8), random.nextInt());
                fixture.write(0x611d80 + 4 * random.nextInt(8), random.nextInt());
                fixture.read(0x616330);
                fixture.write(0x6d8000 + (random.nextInt(0x1000) & ~3), random.nextInt());
            }
            assertThat(fixture.display
                            .scanout(0)
                            .map(shown -> shown.pixels().length)
                            .orElse(1))
                    .isPositive();
            byte[] saved = save(fixture.display);
            fixture.display.restore(new StateReader(saved));
            assertThat(fixture.display.threads().getFirst().defects()).isZero();
        }
    }

    /** Any word, or one that looks like a header of a method that matters. */
    private static int word(SplittableRandom random) {
        int[] methods = {0x200, 0x20c, 0x218, 0x21c, 0x224, 0x240, 0x260, 0x370, 0x374, 0x1000, 0x204c, 0x2064, 0x200c};
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt();
            case 1 -> random.nextInt(4) << 29 | random.nextInt(1, 5) << 18 | methods[random.nextInt(methods.length)];
            case 2 -> DisplayFixture.SYNC_HANDLE + random.nextInt(2);
            default -> random.nextInt(0x1000);
        };
    }
}
