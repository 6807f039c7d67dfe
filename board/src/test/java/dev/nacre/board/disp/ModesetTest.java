package dev.nacre.board.disp;

import static dev.nacre.board.disp.DisplayFixture.CORE;
import static dev.nacre.board.disp.DisplayFixture.FRAME_NS;
import static dev.nacre.board.disp.DisplayFixture.SYNC_HANDLE;
import static dev.nacre.board.disp.DisplayFixture.fbcon;
import static dev.nacre.board.disp.DisplayFixture.methods;
import static dev.nacre.board.disp.DisplayFixture.window;
import static dev.nacre.board.disp.DisplayFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.hw.disp.Nvc67e;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What nouveau does to show a picture, and what it waits for. */
class ModesetTest {
    private static final int FINISHED = 0x8000_0000;
    private static final int BEGUN = 0x4000_0000;

    private final DisplayFixture fixture = DisplayFixture.booted(1);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void armedDepthBeforeTheFirstModesetIsOneThatNouveauKnows() {
        assertThat(fixture.read(0x68a004)).isEqualTo(0x40);
        assertThat(fixture.read(0x68a064)).isZero();
    }

    @Test
    void updateArmsTheRasterAndFinishesItsNotifier() {
        fixture.turnOn(0);

        assertThat(fixture.notifier(0)).isEqualTo(FINISHED);
        assertThat(fixture.read(0x68a064)).isEqualTo(0x0326_0540);
        assertThat(fixture.read(0x68a068)).isEqualTo(0x0005_0087);
        assertThat(fixture.read(0x68a06c)).isEqualTo(0x0022_0127);
        assertThat(fixture.read(0x68a070)).isEqualTo(0x0322_0527);
        assertThat(fixture.read(0x68a00c)).isEqualTo(65_000_000);
        assertThat(fixture.read(0x68a004)).isEqualTo(0xfc00_004c);
        assertThat(fixture.get(CORE)).isEqualTo(fixture.read(0x680000)).isPositive();
    }

    @Test
    void updateToALargerPictureThanTheLimitStopsTheCore() {
        fixture.display.pictureLimit(new PictureLimit(1023, 0));

        fixture.turnOn(0);
        fixture.display.pictureLimit(PictureLimit.NONE);
        fixture.core(0x200, 1);

        assertThat(fixture.notifier(0)).isZero();
        assertThat(fixture.read(0x68a064)).isZero();
        assertThat(fixture.display.scanout(0)).isEmpty();
        fixture.display.free(CORE);
        fixture.allocate(CORE, 0);
        fixture.turnOn(0);
        assertThat(fixture.notifier(0)).isEqualTo(FINISHED);
    }

    @Test
    void pictureThatIsShownFromALargerOneThanTheLimitIsRefusedAsWell() {
        fixture.display.pictureLimit(new PictureLimit(1024, 768));

        fixture.core(with(DisplayFixture.modeset(0), 0x204c, 0x0301_0400, 0x200, 1));
        assertThat(fixture.display.scanout(0).orElseThrow().height()).isEqualTo(768);
        assertThat(fixture.get(CORE)).isEqualTo(fixture.read(0x680000));
    }

    @Test
    void stateBeforeUpdateIsAssemblyOnly() {
        fixture.core(0x2064, 0x0326_0540);

        assertThat(fixture.read(0x682064)).isEqualTo(0x0326_0540);
        assertThat(fixture.read(0x68a064)).isZero();
    }

    @Test
    void disabledNotifierIsNotWritten() {
        fixture.core(0x208, SYNC_HANDLE, 0x20c, 0x10, 0x200, 1);

        assertThat(fixture.notifier(0x10)).isZero();
    }

    @Test
    void firstPictureInterlockedWithTheCoreIsTakenAtTheNextBlank() {
        fixture.turnOn(0);
        fixture.vram.writeInt(0, 0x0012_3456);
        fixture.vram.writeInt(DisplayFixture.SYNC, 0);

        fixture.window(0, with(fbcon(1), 0x21c, SYNC_HANDLE, 0x220, 0x60, 0x370, 1, 0x374, 1, 0x200, 1));
        int alone = fixture.notifier(0x60);
        fixture.core(0x20c, 0x1000, 0x21c, 1, 0x200, 1, 0x20c, 0);
        int beforeBlank = fixture.notifier(0x60);
        fixture.advance(FRAME_NS);

        assertThat(alone).isZero();
        assertThat(beforeBlank).isZero();
        assertThat(fixture.notifier(0x60)).isEqualTo(BEGUN);
        assertThat(fixture.notifier(0)).isEqualTo(FINISHED);
        assertThat(fixture.pixel(0, 0)).isEqualTo(0xff12_3456);
    }

    @Test
    void coreInterlockedWithAWindowWaitsForIt() {
        fixture.turnOn(0);
        fixture.vram.writeInt(DisplayFixture.SYNC, 0);

        fixture.core(0x2058, 0x0200_0300, 0x21c, 1, 0x200, 1);
        int armed = fixture.read(0x68a058);
        fixture.window(0, with(fbcon(0), 0x370, 1, 0x374, 1, 0x200, 1));

        assertThat(armed).isEqualTo(0x0300_0400);
        assertThat(fixture.read(0x68a058)).isEqualTo(0x0200_0300);
        assertThat(fixture.notifier(0)).isEqualTo(FINISHED);
    }

    @Test
    void interlockWithAChannelThatDoesNotExistDoesNotWait() {
        fixture.core(0x21c, 0xffff_fffc, 0x2058, 7, 0x200, 1);

        assertThat(fixture.read(0x68a058)).isEqualTo(7);
    }

    @Test
    void interlockedWindowThatIsFreedLetsTheCoreGoOn() {
        fixture.core(0x21c, 2, 0x2058, 7, 0x200, 1);
        int before = fixture.read(0x68a058);

        fixture.display.free(window(1));
        fixture.display.pass();

        assertThat(before).isZero();
        assertThat(fixture.read(0x68a058)).isEqualTo(7);
    }

    @Test
    void pictureWithoutIntervalIsTakenAtOnce() {
        fixture.turnOn(0);

        fixture.window(0, with(fbcon(0), 0x21c, SYNC_HANDLE, 0x220, 0x40, 0x200, 1));

        assertThat(fixture.notifier(0x40)).isEqualTo(BEGUN);
    }

    @Test
    void pictureInImmediateModeIsTakenAtOnce() {
        fixture.turnOn(0);

        fixture.window(0, with(fbcon(0x11), 0x21c, SYNC_HANDLE, 0x220, 0x40, 0x200, 1));

        assertThat(fixture.notifier(0x40)).isEqualTo(BEGUN);
    }

    @Test
    void pictureOnAHeadThatIsOffIsTakenAtOnce() {
        fixture.window(0, with(fbcon(1), 0x21c, SYNC_HANDLE, 0x220, 0x40, 0x200, 1));

        assertThat(fixture.notifier(0x40)).isEqualTo(BEGUN);
    }

    @Test
    void intervalOfTwoTakesEverySecondFrame() {
        fixture.turnOn(0);
        fixture.window(0, with(fbcon(2), 0x21c, SYNC_HANDLE, 0x220, 0x40, 0x200, 1));
        fixture.advance(FRAME_NS);
        int first = fixture.notifier(0x40);

        fixture.window(0, 0x220, 0x50, 0x200, 1);
        fixture.advance(FRAME_NS);
        int afterOne = fixture.notifier(0x50);
        fixture.advance(FRAME_NS);

        assertThat(first).isEqualTo(BEGUN);
        assertThat(afterOne).isZero();
        assertThat(fixture.notifier(0x50)).isEqualTo(BEGUN);
    }

    @Test
    void channelStandsStillWhileItsUpdateWaits() {
        fixture.turnOn(0);
        int[] update = methods(with(fbcon(1), 0x200, 1));

        fixture.push(window(0), with(update, methods(Nvc67e.SET_OFFSET, 0x1234)));
        int get = fixture.get(window(0));
        int assembled = fixture.read(0x690000 + Nvc67e.SET_OFFSET);
        fixture.advance(FRAME_NS);

        assertThat(get).isEqualTo(4 * update.length);
        assertThat(assembled).isZero();
        assertThat(fixture.get(window(0))).isEqualTo(4 * update.length + 8);
        assertThat(fixture.read(0x690000 + Nvc67e.SET_OFFSET)).isEqualTo(0x1234);
    }

    @Test
    void windowWaitsForItsSemaphoreAndReleasesIt() {
        fixture.turnOn(0);
        fixture.vram.writeInt(DisplayFixture.SYNC + 0x80, 1);
        fixture.window(
                0,
                with(
                        fbcon(0),
                        0x20c,
                        0x08,
                        0x210,
                        5,
                        0x214,
                        6,
                        0x218,
                        SYNC_HANDLE,
                        0x21c,
                        SYNC_HANDLE,
                        0x220,
                        0x40,
                        0x200,
                        1));
        int before = fixture.notifier(0x40);

        fixture.vram.writeInt(DisplayFixture.SYNC + 0x80, 5);
        fixture.display.pass();

        assertThat(before).isZero();
        assertThat(fixture.notifier(0x40)).isEqualTo(BEGUN);
        assertThat(fixture.notifier(0x80)).isEqualTo(6);
    }

    @Test
    void positionInterlockedWithItsWindowIsTakenWithIt() {
        fixture.turnOn(0);

        fixture.push(new Channel(ChannelKind.WINDOW_IMMEDIATE, 0), methods(0x208, 0x0002_0003, 0x200, 3));
        fixture.window(0, with(fbcon(1), 0x200, 0x1001));
        int get = fixture.get(new Channel(ChannelKind.WINDOW_IMMEDIATE, 0));
        fixture.vram.writeInt(0, 0x00ab_cdef);
        fixture.advance(FRAME_NS);

        assertThat(get).isEqualTo(16);
        assertThat(fixture.pixel(3, 2)).isEqualTo(0xffab_cdef);
        assertThat(fixture.pixel(0, 0)).isEqualTo(0xff00_0000);
    }

    @Test
    void reallocatedChannelStartsAnewAtItsOffset() {
        fixture.turnOn(0);
        int put = fixture.read(0x680000);

        fixture.display.free(CORE);
        fixture.allocate(CORE, put);

        assertThat(fixture.read(0x680000)).isEqualTo(put);
        assertThat(fixture.get(CORE)).isEqualTo(put);
        assertThat(fixture.read(0x68a064)).isZero();
        assertThat(fixture.read(0x68a004)).isEqualTo(0x40);
        assertThat(fixture.display.scanout(0)).isEmpty();
        fixture.vram.writeInt(DisplayFixture.SYNC, 0);
        fixture.turnOn(0);
        assertThat(fixture.notifier(0)).isEqualTo(FINISHED);
    }

    @Test
    void activeDisplayIsTheOneWhoseOutputTheHeadOwns() {
        int before = fixture.display.activeDisplay(0);
        fixture.turnOn(0);
        int on = fixture.display.activeDisplay(0);
        fixture.core(0x300, 0, 0x200, 1);

        assertThat(before).isZero();
        assertThat(on).isEqualTo(0x100);
        assertThat(fixture.display.activeDisplay(0)).isZero();
        assertThat(fixture.display.scanout(0)).isEmpty();
    }

    @Test
    void unallocatedChannelTakesNoPut() {
        fixture.display.free(CORE);

        fixture.write(0x680000, 0x40);

        assertThat(fixture.read(0x680000)).isZero();
    }
}
