package dev.nacre.board.disp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EdidTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void blockIsValid(int head) {
        byte[] edid = Edid.of(head, PictureLimit.NONE);

        assertThat(edid).hasSize(128).startsWith(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0);
        assertThat(IntStream.range(0, 128).map(i -> edid[i]).sum() & 0xff).isZero();
        assertThat(edid[18]).isEqualTo((byte) 1);
        assertThat(edid[126]).isZero();
        assertThat(edid[20] & 0x80).isNotZero();
    }

    @Test
    void preferredModeIs1024x768At60Hz() {
        byte[] edid = Edid.of(0, PictureLimit.NONE);

        int clock = 10_000 * (u(edid, 54) | u(edid, 55) << 8);
        int width = u(edid, 56) | (u(edid, 58) & 0xf0) << 4;
        int widthTotal = width + (u(edid, 57) | (u(edid, 58) & 0xf) << 8);
        int height = u(edid, 59) | (u(edid, 61) & 0xf0) << 4;
        int heightTotal = height + (u(edid, 60) | (u(edid, 61) & 0xf) << 8);
        assertThat(width).isEqualTo(1024);
        assertThat(height).isEqualTo(768);
        assertThat(Math.round((double) clock / widthTotal / heightTotal)).isEqualTo(60);
        assertThat(edid[24] & 2).as("preferred timing is the first descriptor").isNotZero();
    }

    @Test
    void monitorIsNamed() {
        byte[] edid = Edid.of(0, PictureLimit.NONE);

        assertThat(edid[75]).isEqualTo((byte) 0xfc);
        assertThat(new String(edid, 77, 6, StandardCharsets.US_ASCII)).isEqualTo("NACRE\n");
    }

    @Test
    void modesBeyondTheLimitAreNotThere() {
        byte[] edid = Edid.of(0, new PictureLimit(1280, 1024));

        assertThat(IntStream.range(38, 54).map(i -> u(edid, i)))
                .startsWith(0x81, 0x80, 0x81, 0xc0, 1, 1)
                .doesNotContain(0xa9, 0xd1);
        assertThat(IntStream.range(0, 128).map(i -> edid[i]).sum() & 0xff).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1024, 768, 1024, 768", "1023, 768, 800, 600", "16384, 599, 640, 480", "640, 480, 640, 480"})
    void preferredModeIsTheLargestWithinTheLimit(int most, int mostLines, int width, int height) {
        byte[] edid = Edid.of(0, new PictureLimit(most, mostLines));

        assertThat(u(edid, 56) | (u(edid, 58) & 0xf0) << 4).isEqualTo(width);
        assertThat(u(edid, 59) | (u(edid, 61) & 0xf0) << 4).isEqualTo(height);
        assertThat(u(edid, 35) & 1).isEqualTo(width >= 800 ? 1 : 0);
        assertThat(u(edid, 36) & 8).isEqualTo(width >= 1024 ? 8 : 0);
    }

    @Test
    void headsDifferInTheirSerialNumber() {
        assertThat(Edid.of(0, PictureLimit.NONE)).isNotEqualTo(Edid.of(1, PictureLimit.NONE));
    }

    private static int u(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }
}
