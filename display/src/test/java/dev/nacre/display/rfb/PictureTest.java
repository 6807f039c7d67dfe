package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PictureTest {
    @Test
    void lookThatFindsNothingNewIsTheSamePicture() {
        Picture picture = Picture.first(Looked.noise(100, 100, 1, 5));

        assertThat(picture.next(Looked.noise(100, 100, 1, 5))).isSameAs(picture);
    }

    @Test
    void newSizeChangesEveryTile() {
        Picture picture = Picture.first(Looked.noise(100, 100, 1, 5)).next(Looked.noise(65, 10, 1, 5));

        assertThat(picture.columns()).isEqualTo(2);
        assertThat(picture.rows()).isEqualTo(1);
        assertThat(picture.changed(0, false)).isEqualTo(2);
        assertThat(picture.changed(1, false)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void exactlyTheTilesWithOtherPixelsChange(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = 1 + random.nextInt(300);
        int height = 1 + random.nextInt(300);
        Frame before = Looked.noise(width, height, seed, 3);
        int[] pixels = before.pixels().clone();
        int columns = (width + 63) / 64;
        boolean[] touched = new boolean[columns * ((height + 63) / 64)];
        for (int i = 0; i < 1 + random.nextInt(10); i++) {
            int at = random.nextInt(pixels.length);
            pixels[at] = before.pixels()[at] ^ 1;
            touched[at / width / 64 * columns + at % width / 64] = true;
        }

        Picture after = Picture.first(before).next(new Frame(width, height, pixels));

        for (int tile = 0; tile < touched.length; tile++) {
            assertThat(after.changed(tile, false)).as("tile " + tile).isEqualTo(touched[tile] ? 2 : 1);
        }
    }
}
