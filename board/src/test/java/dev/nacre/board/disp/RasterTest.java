package dev.nacre.board.disp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RasterTest {
    @Test
    void blanksLieAtTheFirstBlankLineForAYearOfFrames() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 2000; i++) {
            int width = random.nextInt(1, 0x8000);
            int height = random.nextInt(1, 0x8000);
            long clock = Math.clamp(random.nextLong(1, 1L << 31), (long) width * height, 1000L * width * height);
            Raster raster = new Raster(
                    width, height, random.nextInt(height), Math.min(clock, 1L << 31), true, random.nextInt());
            long time = random.nextLong(31_536_000_000_000_000L);

            long next = raster.blankAfter(time);
            long last = raster.blankAtOrBefore(time);

            assertThat(next).isGreaterThan(time);
            assertThat(last).isLessThanOrEqualTo(time);
            assertThat(next - last).isBetween(raster.periodNs() - 1, raster.periodNs() + 2);
            assertThat(raster.blankAtOrBefore(next)).isEqualTo(next);
            assertThat(raster.lineAt(next)).isEqualTo(raster.blankStartLine());
            assertThat(raster.lineAt(next - 1)).isEqualTo((raster.blankStartLine() + height - 1) % height);
        }
    }

    @Test
    void restoredRasterGoesOnWhereItWas() {
        Raster raster = new Raster(1344, 806, 802, 65_000_000, true, 12_345);
        long position = raster.positionAt(987_654_321);

        Raster moved = raster.beginningAt(5_000_000_000L - raster.timeTo(position));

        assertThat(moved.positionAt(5_000_000_000L)).isEqualTo(position);
    }
}
