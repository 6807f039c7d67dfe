package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import dev.nacre.display.rfb.ClientMessage.UpdateRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewerTest {
    private static final Area ALL = new Area(0, 0, 65_535, 65_535);

    @Test
    void viewerThatDoesNotAskGetsNothing() {
        Picture picture = Picture.first(Looked.noise(100, 100, 1, 3));
        Viewer viewer = viewer(picture);

        assertThat(viewer.take(picture)).isEmpty();
    }

    @Test
    void whatWasSentIsNotSentAgainUnlessItIsAskedFor() {
        Picture picture = Picture.first(Looked.noise(100, 100, 1, 3));
        Viewer viewer = viewer(picture);

        viewer.hear(new UpdateRequest(true, ALL));
        assertThat(viewer.take(picture)).isPresent();
        viewer.hear(new UpdateRequest(true, ALL));
        assertThat(viewer.take(picture)).isEmpty();
        viewer.hear(new UpdateRequest(false, ALL));
        assertThat(viewer.take(picture))
                .get()
                .satisfies(u -> assertThat(u.areas()).hasSize(1));
    }

    /** However tiles change and parts are asked for: areas do not overlap, are bounded, and cover what was missing. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void areasCoverWhatChanged(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int width = 1 + random.nextInt(2000);
        int height = 1 + random.nextInt(1000);
        int[] shown = new int[width * height];
        Picture picture = Picture.first(new Frame(width, height, shown.clone()));
        Viewer viewer = viewer(picture);
        viewer.hear(new UpdateRequest(false, ALL));
        assertThat(viewer.take(picture)).isPresent();
        for (int round = 0; round < 10; round++) {
            int[] pixels = picture.frame().pixels().clone();
            for (int i = 0; i < random.nextInt(1, 40); i++) {
                pixels[random.nextInt(pixels.length)]++;
            }
            picture = picture.next(new Frame(width, height, pixels));
            Area part = new Area(random.nextInt(width), random.nextInt(height), 300, 200);
            for (Area asked : List.of(part, ALL)) {
                viewer.hear(new UpdateRequest(true, asked));
                Picture now = picture;
                viewer.take(now).ifPresent(update -> copy(update, now.frame(), shown));
            }
            assertThat(shown).isEqualTo(pixels);
        }
    }

    private static void copy(Update update, Frame from, int[] to) {
        List<Area> done = new ArrayList<>();
        for (Area area : update.areas()) {
            assertThat(area.width() * area.height()).isBetween(1, 1 << 18);
            assertThat(done)
                    .noneMatch(d -> d.x() < area.right()
                            && area.x() < d.right()
                            && d.y() < area.bottom()
                            && area.y() < d.bottom());
            done.add(area);
            for (int y = area.y(); y < area.bottom(); y++) {
                int at = y * from.width() + area.x();
                System.arraycopy(from.pixels(), at, to, at, area.width());
            }
        }
    }

    private static Viewer viewer(Picture picture) {
        Viewer viewer = new Viewer();
        viewer.told(picture);
        return viewer;
    }
}
