package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Pictures in small. */
class ThumbnailTest {
    @Test
    void picture_noWiderThanAsked_isItself() {
        Frame frame = new Frame(4, 2, new int[8]);

        assertThat(Thumbnail.of(frame, 4)).isSameAs(frame);
    }

    @Test
    void picture_halved_hasTheMeanOfEachSquare() {
        Frame frame = new Frame(4, 2, new int[] {
            0xff_00_10_00, 0xff_00_10_ff, 0, 0xffffffff, 0xff_ff_10_00, 0xff_ff_10_ff, 0, 0xffffffff
        });

        Frame small = Thumbnail.of(frame, 2);

        assertThat(small.height()).isEqualTo(1);
        assertThat(small.pixels()).containsExactly(0xff_7f_10_7f, 0xff_7f_7f_7f);
    }

    @Test
    void picture_ofUnevenSize_keepsItsColour() {
        int[] pixels = new int[1023 * 7];
        Arrays.fill(pixels, 0xff_12_34_56);

        Frame small = Thumbnail.of(new Frame(1023, 7, pixels), 100);

        assertThat(small.width()).isEqualTo(100);
        assertThat(small.height()).isEqualTo(1);
        assertThat(small.pixels()).containsOnly(0xff_12_34_56);
    }
}
