package dev.nacre.board.disp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The monitor's description of itself: EDID 1.3, one block, 1024x768 at 60 Hz preferred. */
// HW: VESA E-EDID Standard Release A2; timing: VESA DMT 1024x768@60
final class Edid {
    private static final int BLOCK_BYTES = 128;
    private static final int FIRST_DESCRIPTOR = 54;
    private static final int DESCRIPTOR_BYTES = 18;
    private static final int TAG_NAME = 0xfc;
    private static final int TAG_RANGE = 0xfd;
    private static final int TAG_DUMMY = 0x10;

    private Edid() {}

    /** The block of a head's monitor; heads differ in their serial number. */
    static byte[] of(int head) {
        byte[] e = new byte[BLOCK_BYTES];
        Arrays.fill(e, 1, 7, (byte) 0xff);
        // Manufacturer "NCR" in five bits a letter, product 1, serial, made in week 1 of 2026, EDID 1.3.
        put(
                e,
                8,
                (('N' - 64) << 2) | (('C' - 64) >> 3),
                ((('C' - 64) & 7) << 5) | ('R' - 64),
                1,
                0,
                head + 1,
                0,
                0,
                0,
                1,
                36,
                1,
                3);
        // Digital, 34 x 27 cm, gamma 2.2, RGB, first descriptor is the preferred mode.
        put(e, 20, 0x80, 34, 27, 120, 0x0a);
        // Chromaticity of sRGB.
        put(e, 25, 0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54);
        // Established: 640x480, 800x600, 1024x768, all at 60 Hz.
        put(e, 35, 0x21, 0x08, 0x00);
        // Standard: 1280x1024, 1280x720, 1600x1200, 1920x1080, all at 60 Hz; four unused.
        put(e, 38, 0x81, 0x80, 0x81, 0xc0, 0xa9, 0x40, 0xd1, 0xc0, 1, 1, 1, 1, 1, 1, 1, 1);
        preferred(e);
        text(e, 1, TAG_NAME, "NACRE");
        // 50-75 Hz, 30-85 kHz, 170 MHz, no formula.
        int range = FIRST_DESCRIPTOR + 2 * DESCRIPTOR_BYTES;
        put(e, range, 0, 0, 0, TAG_RANGE, 0, 50, 75, 30, 85, 17, 0, 0x0a, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20);
        e[FIRST_DESCRIPTOR + 3 * DESCRIPTOR_BYTES + 3] = TAG_DUMMY;
        int sum = 0;
        for (byte b : e) {
            sum += b;
        }
        e[BLOCK_BYTES - 1] = (byte) -sum;
        return e;
    }

    /** 65.00 MHz; 1024 + 320 pixels, sync after 24 for 136; 768 + 38 lines, sync after 3 for 6; both negative. */
    private static void preferred(byte[] e) {
        put(e, FIRST_DESCRIPTOR, 6500 & 255, 6500 >> 8, 0, 320 & 255, ((1024 >> 8) << 4) | (320 >> 8));
        put(e, FIRST_DESCRIPTOR + 5, 0, 38, (768 >> 8) << 4, 24, 136, (3 << 4) | 6, 0);
        put(e, FIRST_DESCRIPTOR + 12, 340 & 255, 270 & 255, (1 << 4) | 1, 0, 0, 0x18);
    }

    private static void text(byte[] e, int descriptor, int tag, String text) {
        int at = FIRST_DESCRIPTOR + descriptor * DESCRIPTOR_BYTES;
        Arrays.fill(e, at + 5, at + DESCRIPTOR_BYTES, (byte) ' ');
        e[at + 3] = (byte) tag;
        byte[] letters = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(letters, 0, e, at + 5, letters.length);
        e[at + 5 + letters.length] = '\n';
    }

    private static void put(byte[] e, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            e[at + i] = (byte) values[i];
        }
    }
}
