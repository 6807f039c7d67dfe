package dev.nacre.board.disp;

import static dev.nacre.board.disp.DisplayFixture.VRAM_HANDLE;
import static dev.nacre.board.disp.DisplayFixture.fbcon;
import static dev.nacre.board.disp.DisplayFixture.methods;
import static dev.nacre.board.disp.DisplayFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.PointerImage;
import dev.nacre.board.Scanout;
import dev.nacre.hw.disp.Nvc67e;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a head shows: layouts, formats, layers and cursor, each against a plain reckoning of its own. */
class CompositorTest {
    private static final int BLACK = 0xff00_0000;
    private static final int BLOCK_LINEAR_HANDLE = 0xfb00_0006;

    private final DisplayFixture fixture = DisplayFixture.booted(1);

    @BeforeEach
    void turnOn() {
        fixture.turnOn(0);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void headWithoutWindowsIsBlack() {
        Scanout shown = fixture.display.scanout(0).orElseThrow();

        assertThat(shown.width()).isEqualTo(1024);
        assertThat(shown.height()).isEqualTo(768);
        assertThat(shown.pixels()).hasSize(1024 * 768).containsOnly(BLACK);
    }

    @Test
    void headThatIsOffShowsNothing() {
        fixture.core(0x300, 0, 0x200, 1);

        assertThat(fixture.display.scanout(0)).isEmpty();
    }

    @Test
    void pitchPictureIsShownRowByRow() {
        fill(0, 3 << 20);
        fixture.window(0, with(fbcon(0), 0x200, 1));

        Scanout shown = fixture.display.scanout(0).orElseThrow();

        for (int y = 0; y < 768; y += 61) {
            for (int x = 0; x < 1024; x += 7) {
                assertThat(shown.pixels()[y * 1024 + x]).isEqualTo(fixture.vram.readInt(4096L * y + 4L * x) | BLACK);
            }
        }
    }

    @Test
    void switchedOffWindowIsBlack() {
        fill(0, 4096);
        fixture.window(0, with(fbcon(0), 0x200, 1));
        fixture.window(0, Nvc67e.SET_CONTEXT_DMA_ISO, 0, 0x200, 1);

        assertThat(fixture.pixel(0, 0)).isEqualTo(BLACK);
    }

    @Test
    void pictureInSystemMemoryIsShown() {
        fixture.contextDma(0xfb00_0001, 1, 0x6, DisplayFixture.SYSTEM_BASE, DisplayFixture.SYSTEM_BASE + 0xfffffL);
        fixture.guest.writeInt(DisplayFixture.SYSTEM_BASE + 0x8_0000 + 4096 + 8, 0x00aa_bbcc);
        fixture.window(0, with(fbcon(0), Nvc67e.SET_CONTEXT_DMA_ISO, 0xfb00_0001, Nvc67e.SET_OFFSET, 0x800, 0x200, 1));

        assertThat(fixture.pixel(2, 1)).isEqualTo(0xffaa_bbcc);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void blockLinearPictureIsShownAsASimpleSwizzleHasIt(int blockHeightLog2) {
        fixture.contextDma(BLOCK_LINEAR_HANDLE, 1, 0x10_0045, 0, DisplayFixture.VIDEO_BYTES - 1);
        fill(0x1000, 2 << 20);
        fixture.window(
                0,
                with(
                        fbcon(0),
                        Nvc67e.SET_SIZE,
                        0x0101_0140,
                        Nvc67e.SET_SIZE_IN,
                        0x0101_0140,
                        Nvc67e.SET_STORAGE,
                        blockHeightLog2,
                        Nvc67e.SET_PLANAR_STORAGE,
                        320 * 4 / 64,
                        Nvc67e.SET_OFFSET,
                        0x10,
                        Nvc67e.SET_CONTEXT_DMA_ISO,
                        BLOCK_LINEAR_HANDLE,
                        0x200,
                        1));

        Scanout shown = fixture.display.scanout(0).orElseThrow();

        for (int y = 0; y < 257; y += 3) {
            for (int x = 0; x < 320; x++) {
                int expected = fixture.vram.readInt(0x1000 + swizzled(4 * x, y, 320 * 4, blockHeightLog2));
                assertThat(shown.pixels()[y * 1024 + x]).as("%d,%d", x, y).isEqualTo(expected | BLACK);
            }
        }
    }

    /** Bit by bit, from the documented order of a GOB's bits. */
    private static long swizzled(int x, int y, int widthBytes, int blockHeightLog2) {
        int[] order = {x, x >> 1, x >> 2, x >> 3, y, y >> 1, x >> 4, y >> 2, x >> 5};
        long inGob = 0;
        for (int bit = 0; bit < order.length; bit++) {
            inGob |= (order[bit] & 1L) << bit;
        }
        int gobsInBlock = 1 << blockHeightLog2;
        long gobX = x / 64;
        long gobY = y / 8;
        long block = gobY / gobsInBlock * (widthBytes / 64) + gobX;
        return (block * gobsInBlock + gobY % gobsInBlock) * 512 + inGob;
    }

    @ParameterizedTest
    @CsvSource({
        // format, pixel's bytes as a number, colour shown
        "0xcf, 0x00123456, 0xff123456",
        "0xe6, 0x00123456, 0xff123456",
        "0xd5, 0x00563412, 0xff123456",
        "0xf9, 0x00563412, 0xff123456",
        "0xe8, 0xf800, 0xffff0000",
        "0xe8, 0x07e0, 0xff00ff00",
        "0xe8, 0x8410, 0xff848284",
        "0xe9, 0x7c00, 0xffff0000",
        "0xe9, 0x001f, 0xff0000ff",
        "0xd1, 0x000003ff, 0xffff0000",
        "0xdf, 0x3ff00000, 0xffff0000",
        "0xca, 0x3c00_0000_3800_3c00, 0xffff8000",
        "0x1e, 0x7f, 0xff7f7f7f",
    })
    void formatsShowTheirColours(String format, String raw, String colour) {
        fixture.vram.writeLong(0, Long.decode(raw.replace("_", "")));
        fixture.window(
                0,
                with(
                        fbcon(0),
                        Nvc67e.SET_PARAMS,
                        Integer.decode(format),
                        Nvc67e.SET_COMPOSITION_FACTOR_SELECT,
                        0x0011,
                        0x200,
                        1));

        assertThat(fixture.pixel(0, 0)).isEqualTo((int) (long) Long.decode(colour));
    }

    @Test
    void unknownFormatIsNotShown() {
        fill(0, 4096);
        fixture.window(0, with(fbcon(0), Nvc67e.SET_PARAMS, 0x28, 0x200, 1));

        assertThat(fixture.pixel(0, 0)).isEqualTo(BLACK);
    }

    @Test
    void indexedPictureIsShownByItsLut() {
        long lut = 0x10_0000;
        fixture.vram.writeInt(lut + 0x20 + 4 * 8 * 5, Float.floatToFloat16(1f) | Float.floatToFloat16(0.5f) << 16);
        fixture.vram.writeInt(lut + 0x24 + 4 * 8 * 5, Float.floatToFloat16(0.25f));
        fixture.vram.writeInt(0, 5);

        fixture.window(
                0,
                with(
                        fbcon(0),
                        Nvc67e.SET_PARAMS,
                        0x1e,
                        Nvc67e.SET_ILUT_CONTROL,
                        0x40508,
                        Nvc67e.SET_CONTEXT_DMA_ILUT,
                        VRAM_HANDLE,
                        Nvc67e.SET_OFFSET_ILUT,
                        0x1000,
                        0x200,
                        1));

        assertThat(fixture.pixel(0, 0)).isEqualTo(0xffff_8040);
    }

    @Test
    void partOfAPictureIsShownAtItsPosition() {
        fill(0, 3 << 20);
        fixture.push(DisplayFixture.immediate(0), methods(0x208, 0x0002_fffd, 0x200, 1));
        fixture.window(0, with(fbcon(0), Nvc67e.SET_POINT_IN, 0x0014_000a, Nvc67e.SET_SIZE_IN, 0x0004_0008, 0x200, 1));

        Scanout shown = fixture.display.scanout(0).orElseThrow();

        // Three columns lie left of the head; the upper left pixel seen is 13,20 of the picture.
        assertThat(shown.pixels()[2 * 1024]).isEqualTo(fixture.vram.readInt(4096 * 20 + 4 * 13) | BLACK);
        assertThat(shown.pixels()[5 * 1024 + 4]).isEqualTo(fixture.vram.readInt(4096 * 23 + 4 * 17) | BLACK);
        assertThat(shown.pixels()[2 * 1024 + 5]).isEqualTo(BLACK);
        assertThat(shown.pixels()[6 * 1024]).isEqualTo(BLACK);
    }

    @Test
    void nearerWindowIsBlendedOverTheFurtherOne() {
        fixture.vram.writeInt(0, 0x0064_3296);
        fixture.vram.writeInt(0x10_0000, 0x8050_0028);
        fixture.window(0, with(fbcon(0), 0x200, 1));
        fixture.window(
                1,
                with(
                        fbcon(0),
                        Nvc67e.SET_OFFSET,
                        0x1000,
                        Nvc67e.SET_SIZE_IN,
                        0x0001_0001,
                        Nvc67e.SET_COMPOSITION_CONTROL,
                        0xfe0,
                        0x200,
                        1));

        // Premultiplied: colour + what lies behind x (255 - 128) / 255.
        int expected = BLACK | (0x50 + under(0x64)) << 16 | under(0x32) << 8 | 0x28 + under(0x96);
        assertThat(fixture.pixel(0, 0)).isEqualTo(expected);
        assertThat(fixture.pixel(1, 0)).isEqualTo(BLACK);
    }

    private static int under(int value) {
        return Math.round(value * 127 / 255f);
    }

    @Test
    void orderOfWindowsFollowsTheirDepth() {
        fixture.vram.writeInt(0, 0x0000_00ff);
        fixture.vram.writeInt(0x10_0000, 0x0000_ff00);
        fixture.window(
                0,
                with(
                        fbcon(0),
                        Nvc67e.SET_COMPOSITION_CONTROL,
                        0x010,
                        Nvc67e.SET_COMPOSITION_FACTOR_SELECT,
                        0x0011,
                        0x200,
                        1));
        fixture.window(
                1, with(fbcon(0), Nvc67e.SET_OFFSET, 0x1000, Nvc67e.SET_COMPOSITION_FACTOR_SELECT, 0x0011, 0x200, 1));

        assertThat(fixture.pixel(0, 0)).isEqualTo(0xff00_00ff);
    }

    @Test
    void windowOfNoHeadIsNotShown() {
        fill(0, 4096);
        fixture.window(0, with(fbcon(0), 0x200, 1));

        fixture.core(0x1000, 0xf, 0x200, 1);

        assertThat(fixture.pixel(0, 0)).isEqualTo(BLACK);
    }

    @Test
    void cursorIsShownAtItsHotSpotOverTheWindows() {
        fixture.vram.writeInt(4096 * 20 + 4 * 30, 0x0000_0064);
        fixture.window(0, with(fbcon(0), 0x200, 1));
        fixture.vram.writeInt(0x20_0000 + 4 * (64 * 2 + 1), 0x8080_0000);
        fixture.core(
                0x209c, 0x8000_0000 | 3 << 12 | 4 << 20 | 1 << 8 | 0xcf,
                0x20a0, 0x72ff,
                0x2088, VRAM_HANDLE,
                0x2090, 0x2000,
                0x200, 1);

        fixture.write(0x6d8208, 22 << 16 | 32);
        int before = fixture.pixel(30, 20);
        fixture.write(0x6d8200, 1);

        assertThat(before).isEqualTo(0xff00_0064);
        assertThat(fixture.pixel(30, 20)).isEqualTo(BLACK | 0x80 << 16 | under(0x64));
        assertThat(fixture.read(0x6d8008)).isGreaterThanOrEqualTo(4);
    }

    @Test
    void cursorApartFromThePictureGivesTheSameOverIt() {
        fixture.vram.writeInt(4096 * 20 + 4 * 30, 0x0000_0064);
        fixture.window(0, with(fbcon(0), 0x200, 1));
        fixture.vram.writeInt(0x20_0000 + 4 * (64 * 2 + 1), 0x8080_0000);
        fixture.core(
                0x209c, 0x8000_0000 | 3 << 12 | 4 << 20 | 1 << 8 | 0xcf,
                0x20a0, 0x72ff,
                0x2088, VRAM_HANDLE,
                0x2090, 0x2000,
                0x200, 1);
        fixture.write(0x6d8208, 22 << 16 | 32);
        fixture.write(0x6d8200, 1);

        Scanout apart = fixture.display.scanoutAndPointer(0).orElseThrow();

        PointerImage pointer = apart.pointer().orElseThrow();
        assertThat(apart.pixels()[20 * apart.width() + 30]).isEqualTo(0xff00_0064);
        assertThat(pointer.x()).isEqualTo(29);
        assertThat(pointer.y()).isEqualTo(18);
        assertThat(pointer.side()).isEqualTo(64);
        assertThat(pointer.hotX()).isEqualTo(3);
        assertThat(pointer.hotY()).isEqualTo(4);
        assertThat(pointer.pixels()[64 * 2 + 1]).isEqualTo(0x8080_0000);
        assertThat(Blend.over(pointer.pixels()[64 * 2 + 1], 0xff00_0064)).isEqualTo(fixture.pixel(30, 20));
        assertThat(fixture.display.scanout(0).orElseThrow().pointer()).isEmpty();
    }

    @Test
    void cursorBeyondTheEdgesIsCut() {
        fixture.core(0x209c, 0x8000_03cf, 0x20a0, 0x72ff, 0x2088, VRAM_HANDLE, 0x2090, 0x2000, 0x200, 1);
        fill(0x20_0000, 256 * 256 * 4);

        fixture.write(0x6d8208, 0xff9c_ff9c);
        fixture.write(0x6d8200, 1);
        int corner = fixture.pixel(0, 0);
        fixture.write(0x6d8208, 0x02ff_03ff);
        fixture.write(0x6d8200, 1);

        int premultiplied = fixture.vram.readInt(0x20_0000 + 4 * (100 * 256 + 100));
        assertThat(corner).isEqualTo(premultiplied | BLACK);
        assertThat(fixture.pixel(1023, 767)).isEqualTo(fixture.vram.readInt(0x20_0000) | BLACK);
    }

    @Test
    void pictureOutsideOfItsContextDmaIsNotRead() {
        fixture.contextDma(0xfb00_0002, 1, 0x45, 0, 0x1fff);
        fill(0, 3 << 20);
        fixture.window(0, with(fbcon(0), Nvc67e.SET_CONTEXT_DMA_ISO, 0xfb00_0002, 0x200, 1));

        assertThat(fixture.pixel(0, 1)).isEqualTo(fixture.vram.readInt(4096) | BLACK);
        assertThat(fixture.pixel(0, 2)).isEqualTo(BLACK);
    }

    @Test
    void immenseViewportIsRefused() {
        fixture.core(0x204c, 0x7fff_7fff, 0x200, 1);

        assertThat(fixture.display.scanout(0)).isEmpty();
    }

    @Test
    void handleOfAnotherChannelIsNotFound() {
        fixture.contextDma(0xfb00_0003, 2, 0x45, 0, DisplayFixture.VIDEO_BYTES - 1);
        fill(0, 4096);
        fixture.window(0, with(fbcon(0), Nvc67e.SET_CONTEXT_DMA_ISO, 0xfb00_0003, 0x200, 1));

        assertThat(fixture.pixel(0, 0)).isEqualTo(BLACK);
    }

    private void fill(long start, int bytes) {
        SplittableRandom random = new SplittableRandom(start + 1);
        for (long at = start; at < start + bytes; at += 8) {
            fixture.vram.writeLong(at, random.nextLong());
        }
    }
}
