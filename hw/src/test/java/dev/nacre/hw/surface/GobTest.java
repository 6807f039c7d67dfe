package dev.nacre.hw.surface;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GobTest {
    @Test
    void everyByteHasItsOwnPlace() {
        BitSet places = new BitSet();
        for (int y = 0; y < Gob.HEIGHT_LINES; y++) {
            for (int x = 0; x < Gob.WIDTH_BYTES; x++) {
                places.set(Gob.offset(x, y));
            }
        }

        assertThat(places.cardinality()).isEqualTo(Gob.SIZE_BYTES);
        assertThat(places.length()).isEqualTo(Gob.SIZE_BYTES);
    }

    // HW: Mesa src/nouveau/nil/copy.rs, the table of TuringColor2D
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0x00",
        "0, 1, 0x10",
        "0, 2, 0x20",
        "0, 3, 0x30",
        "16, 0, 0x40",
        "16, 3, 0x70",
        "0, 4, 0x80",
        "0, 7, 0xb0",
        "16, 4, 0xc0",
        "16, 7, 0xf0",
        "32, 0, 0x100",
        "48, 7, 0x1f0",
        "15, 0, 0x0f",
        "63, 7, 0x1ff"
    })
    void linesOfSixteenBytesLieWhereHardwareHasThem(int x, int y, String offset) {
        assertThat(Gob.offset(x, y)).isEqualTo(Integer.decode(offset));
    }

    @Test
    void coordinatesBeyondTheGobAreThoseInside() {
        assertThat(Gob.offset(64 * 5L + 17, 8 * 3L + 2)).isEqualTo(Gob.offset(17, 2));
    }
}
