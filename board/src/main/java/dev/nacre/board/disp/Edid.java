package dev.nacre.board.disp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The monitor's description of itself: EDID 1.3, one block, 1024x768 at 60 Hz preferred, or the largest of its modes below
 * that its GPU can show.
 */
// HW: VESA E-EDID Standard Release A2; timings: VESA DMT 1024x768@60, 800x600@60, 640x480@60
final class Edid {
    private static final int BLOCK_BYTES = 128;
    private static final int FIRST_DESCRIPTOR = 54;
    private static final int DESCRIPTOR_BYTES = 18;
    private static final int TAG_NAME = 0xfc;
    private static final int TAG_RANGE = 0xfd;
    private static final int TAG_DUMMY = 0x10;
    private static final int ESTABLISHED = 35;
    private static final int STANDARD = 38;
    private static final int STANDARD_MODES = 8;
    private static final int UNUSED = 1;

    // HW: E-EDID 3.14.3: byte 17 of a timing: separate sync, and which of them are positive
    private static final int SYNC_NEGATIVE = 0x18;
    private static final int SYNC_POSITIVE = 0x1e;

    /**
     * A timing.
     *
     * @param clock in units of 10 kHz
     * @param blank pixels of horizontal blanking
     * @param syncAfter pixels from its beginning to the sync
     * @param sync pixels of that
     * @param blankLines lines of vertical blanking
     * @param syncAfterLines lines from its beginning to the sync
     * @param syncLines lines of that
     * @param flags polarity
     */
    private record Timing(
            int width,
            int height,
            int clock,
            int blank,
            int syncAfter,
            int sync,
            int blankLines,
            int syncAfterLines,
            int syncLines,
            int flags) {}

    private static final List<Timing> TIMINGS = List.of(
            new Timing(1024, 768, 6500, 320, 24, 136, 38, 3, 6, SYNC_NEGATIVE),
            new Timing(800, 600, 4000, 256, 40, 128, 28, 1, 4, SYNC_POSITIVE),
            new Timing(640, 480, 2518, 160, 16, 96, 45, 10, 2, SYNC_NEGATIVE));

    /**
     * A mode of the list of standard timings, at 60 Hz.
     *
     * @param aspect its ratio, in bits 7:6 of its second byte
     */
    private record Standard(int width, int height, int aspect) {}

    private static final List<Standard> STANDARDS = List.of(
            new Standard(1280, 1024, 0x80),
            new Standard(1280, 720, 0xc0),
            new Standard(1600, 1200, 0x40),
            new Standard(1920, 1080, 0xc0));

    private Edid() {}

    /**
     * The block of a head's monitor; heads differ in their serial number.
     *
     * @param limit of a mode; 640x480 is there in any case
     */
    static byte[] of(int head, PictureLimit limit) {
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
        // Established: 640x480, 800x600; 1024x768, all at 60 Hz.
        put(e, ESTABLISHED, 0x20 | (limit.takes(800, 600) ? 1 : 0), limit.takes(1024, 768) ? 8 : 0, 0);
        standard(e, limit);
        preferred(
                e,
                TIMINGS.stream()
                        .filter(timing -> limit.takes(timing.width, timing.height))
                        .findFirst()
                        .orElseGet(TIMINGS::getLast));
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

    private static void standard(byte[] e, PictureLimit limit) {
        Arrays.fill(e, STANDARD, STANDARD + 2 * STANDARD_MODES, (byte) UNUSED);
        int at = STANDARD;
        for (Standard mode : STANDARDS) {
            if (limit.takes(mode.width, mode.height)) {
                put(e, at, mode.width / 8 - 31, mode.aspect);
                at += 2;
            }
        }
    }

    private static void preferred(byte[] e, Timing t) {
        put(
                e,
                FIRST_DESCRIPTOR,
                t.clock & 255,
                t.clock >> 8,
                t.width & 255,
                t.blank & 255,
                (t.width >> 8) << 4 | t.blank >> 8,
                t.height & 255,
                t.blankLines,
                (t.height >> 8) << 4,
                t.syncAfter,
                t.sync,
                t.syncAfterLines << 4 | t.syncLines,
                0);
        // 340 x 270 mm
        put(e, FIRST_DESCRIPTOR + 12, 340 & 255, 270 & 255, (1 << 4) | 1, 0, 0, t.flags);
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
