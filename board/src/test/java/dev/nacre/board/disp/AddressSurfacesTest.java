package dev.nacre.board.disp;

import static dev.nacre.board.disp.DisplayFixture.CORE;
import static dev.nacre.board.disp.DisplayFixture.FRAME_NS;
import static dev.nacre.board.disp.DisplayFixture.SYNC;
import static dev.nacre.board.disp.DisplayFixture.SYSTEM_BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.hal.Gb202Hal;
import dev.nacre.hw.disp.SurfaceAddress;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A display whose channels name memory by address, as nouveau drives it (dispnv50/coreca7d.c, wndwca7e.c). */
class AddressSurfacesTest {
    private static final int FINISHED = 0x8000_0000;
    private static final int BEGUN = 0x4000_0000;
    private static final int ENABLE = 0x611ef0;
    private static final int RETRIGGER = 0x611f34;
    private static final int LAST_DATA = 2;
    private static final int HEAD_STRIDE = 0x800;
    private static final int PICTURE = 0x10_0000;

    private final DisplayFixture fixture = new DisplayFixture(new Gb202Hal(), 2);

    @BeforeEach
    void boot() {
        fixture.boot();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theCoresNotifierIsFoundByItsAddress() {
        turnOn(0);

        assertThat(fixture.notifier(0x40)).isEqualTo(FINISHED);
        assertThat(fixture.read(0x68a064)).isEqualTo(0x0326_0540);
    }

    @Test
    void aNotifierThatIsDisabledIsNotWritten() {
        fixture.core(0x260, 0, 0x264, SYNC + 0x40 & ~SurfaceAddress.ENABLE, 0x20c, 0x1000, 0x200, 1);

        assertThat(fixture.notifier(0x40)).isZero();
    }

    @Test
    void aPictureIsShownFromItsAddressAndOffWhenDisabled() {
        turnOn(0);
        fixture.vram.writeInt(PICTURE, 0x0012_3456);

        show(0, video(PICTURE));

        assertThat(fixture.notifier(0x60)).isEqualTo(BEGUN);
        assertThat(fixture.display.scanout(0).orElseThrow().pixels()[0]).isEqualTo(0xff12_3456);
        fixture.window(0, 0x670, 0, 0x308, 0, 0x200, 1);
        assertThat(fixture.display.scanout(0).orElseThrow().pixels()[0]).isEqualTo(0xff00_0000);
    }

    @Test
    void aPictureMayLieInSystemMemory() {
        turnOn(0);
        fixture.guest.writeInt(SYSTEM_BASE + 0x8_0000L, 0x00ab_cdef);
        // Only its first lines are there: what is not reached stays black.
        show(0, SurfaceAddress.low(SYSTEM_BASE + 0x8_0000L, SurfaceAddress.TARGET_PHYSICAL_PCI, false));

        int[] pixels = fixture.display.scanout(0).orElseThrow().pixels();

        assertThat(pixels[0]).isEqualTo(0xffab_cdef);
        assertThat(pixels[pixels.length - 1]).isEqualTo(0xff00_0000);
    }

    @Test
    void aCursorIsShownFromItsAddress() {
        turnOn(0);
        fixture.vram.writeInt(PICTURE, 0xffab_cdef);

        fixture.core(0x2170, 0, 0x2178, video(PICTURE), 0x209c, 0x8000_00cf, 0x20a0, 0x72ff, 0x200, 1);

        assertThat(fixture.display.scanout(0).orElseThrow().pixels()[0]).isEqualTo(0xffab_cdef);
    }

    @Test
    void headsLieFurtherApart() {
        turnOn(1);

        assertThat(fixture.read(0x68a064 + HEAD_STRIDE)).isEqualTo(0x0326_0540);
        assertThat(fixture.display.scanout(0)).isEmpty();
        assertThat(fixture.display.scanout(1)).isPresent();
    }

    @Test
    void timingEventsComeByTheVectorOfLowLatencyUntilAcknowledged() {
        turnOn(0);
        fixture.write(ENABLE, LAST_DATA);

        fixture.advance(FRAME_NS);

        assertThat(fixture.interrupts).hasValue(1);
        assertThat(fixture.lastVector).isEqualTo(153);
        fixture.write(RETRIGGER, 1);
        assertThat(fixture.interrupts).hasValue(2);
        fixture.write(0x611800, LAST_DATA);
        fixture.write(RETRIGGER, 1);
        assertThat(fixture.interrupts).hasValue(2);
    }

    @Test
    void anyAddressWhateverIsSurvived() {
        turnOn(0);
        Random random = new Random(13);
        for (int i = 0; i < 300; i++) {
            fixture.window(0, 0x658, random.nextInt(), 0x670, random.nextInt() | 1, 0x308, 0x10, 0x200, 1);
            fixture.core(0x260, random.nextInt(), 0x264, random.nextInt() | 1, 0x20c, 0x1000, 0x200, 1);

            assertThat(fixture.display.scanout(0)).isPresent();
        }
        assertThat(fixture.get(CORE)).isEqualTo(fixture.read(0x680000));
    }

    private void turnOn(int head) {
        int at = head * HEAD_STRIDE;
        fixture.core(
                0x260,
                0,
                0x264,
                video(SYNC + 0x40),
                0x300 + 0x20 * head,
                0x100 | 1 << head,
                0x204c + at,
                0x0300_0400,
                0x2064 + at,
                0x0326_0540,
                0x2070 + at,
                0x0322_0527,
                0x200c + at,
                65_000_000,
                0x1000 + 0x100 * head,
                head,
                0x20c,
                0x1000,
                0x200,
                1);
    }

    private void show(int window, int low) {
        fixture.window(
                window,
                0x650,
                0,
                0x654,
                video(SYNC + 0x60),
                0x658,
                0,
                0x670,
                low,
                0x308,
                0x10,
                0x224,
                0x0300_0400,
                0x22c,
                0xcf,
                0x230,
                64,
                0x298,
                0x0300_0400,
                0x2a4,
                0x0300_0400,
                0x200,
                1);
    }

    private static int video(int address) {
        return SurfaceAddress.low(address, SurfaceAddress.TARGET_PHYSICAL_NVM, false);
    }
}
