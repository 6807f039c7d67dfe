package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.display.Frame;
import dev.nacre.display.Pointer;
import dev.nacre.testsupport.rfb.RfbViewer;
import dev.nacre.testsupport.rfb.RfbViewer.Rectangle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The machine's own pointer: apart for viewers that draw it, in the picture for all others. */
final class RfbPointerTest {
    private static final int SIDE = 32;
    private static final int RED = 0xffff0000;
    private static final int[] PIXELS = Looked.noise(200, 130, 1, 9).pixels();

    private final Looked looked = new Looked();

    @AfterEach
    void close() throws Exception {
        looked.close();
    }

    private static Frame frame(int x, int y, int colour) {
        int[] shape = new int[SIDE * SIDE];
        Arrays.fill(shape, 0, SIDE, colour);
        return new Frame(200, 130, PIXELS, Optional.of(new Pointer(x, y, SIDE, shape, 3, 4)));
    }

    private RfbViewer viewer(int... encodings) throws Exception {
        RfbViewer viewer = looked.connected();
        viewer.encodings(encodings);
        return viewer;
    }

    private static List<Rectangle> update(RfbViewer viewer, boolean incremental) throws Exception {
        viewer.request(incremental);
        return viewer.update();
    }

    private static Rectangle only(List<Rectangle> update, int encoding) {
        return update.stream().filter(r -> r.encoding() == encoding).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {RfbViewer.POINTER_POSITION, RfbViewer.VMWARE_POINTER_POSITION})
    void viewerThatDrawsItIsToldItsShapeAndItsPlace(int position) throws Exception {
        looked.show(frame(50, 60, RED));
        RfbViewer viewer = viewer(RfbViewer.ZRLE, RfbViewer.CURSOR_WITH_ALPHA, position);

        List<Rectangle> update = update(viewer, false);

        Rectangle shape = only(update, RfbViewer.CURSOR_WITH_ALPHA);
        assertThat(List.of(shape.x(), shape.y(), shape.width(), shape.height())).containsExactly(3, 4, SIDE, SIDE);
        assertThat(shape.bytes()).startsWith(0xff, 0, 0, 0xff).endsWith(0, 0, 0, 0);
        assertThat(List.of(only(update, position).x(), only(update, position).y()))
                .containsExactly(53, 64);
        assertThat(viewer.rgb()).isEqualTo(Looked.rgb(new Frame(200, 130, PIXELS)));
    }

    @Test
    void shapeWithoutAlphaHasAMask() throws Exception {
        looked.show(frame(50, 60, RED));
        RfbViewer viewer = viewer(RfbViewer.RAW, RfbViewer.CURSOR, RfbViewer.POINTER_POSITION);

        byte[] bytes = only(update(viewer, false), RfbViewer.CURSOR).bytes();

        byte[] mask = Arrays.copyOfRange(bytes, SIDE * SIDE * 4, bytes.length);
        assertThat(mask).hasSize(SIDE * SIDE / 8).startsWith(0xff, 0xff, 0xff, 0xff, 0);
    }

    @Test
    void pointerThatMovesIsAllThatIsSent() throws Exception {
        looked.show(frame(50, 60, RED));
        RfbViewer viewer = viewer(RfbViewer.RAW, RfbViewer.CURSOR_WITH_ALPHA, RfbViewer.POINTER_POSITION);
        update(viewer, false);

        looked.show(frame(51, 500, RED));
        List<Rectangle> update = update(viewer, true);

        assertThat(update).singleElement().satisfies(it -> {
            assertThat(it.encoding()).isEqualTo(RfbViewer.POINTER_POSITION);
            assertThat(List.of(it.x(), it.y())).as("within the picture").containsExactly(54, 129);
        });
    }

    @Test
    void newShapeIsSentAndADotWhenItIsGone() throws Exception {
        looked.show(frame(50, 60, RED));
        RfbViewer viewer = viewer(RfbViewer.RAW, RfbViewer.CURSOR_WITH_ALPHA, RfbViewer.POINTER_POSITION);
        update(viewer, false);

        looked.show(frame(50, 60, 0x80800000));
        List<Rectangle> another = update(viewer, true);
        looked.show(new Frame(200, 130, PIXELS));
        List<Rectangle> dot = update(viewer, true);

        assertThat(another)
                .singleElement()
                .satisfies(it -> assertThat(it.bytes()).startsWith(0x80, 0, 0, 0x80));
        assertThat(only(dot, RfbViewer.CURSOR_WITH_ALPHA).width()).isEqualTo(PointerShape.SIDE);
    }

    @Test
    void viewerThatCannotBeToldThePlaceSeesItInThePicture() throws Exception {
        Frame shown = frame(-5, 120, RED);
        looked.show(shown);
        RfbViewer viewer = viewer(RfbViewer.RAW, RfbViewer.CURSOR_WITH_ALPHA);

        List<Rectangle> update = update(viewer, false);

        assertThat(only(update, RfbViewer.CURSOR_WITH_ALPHA).width()).isEqualTo(PointerShape.SIDE);
        assertThat(viewer.rgb()).isEqualTo(Looked.rgb(shown.whole()));
        assertThat(viewer.rgb()[120 * 200 + SIDE - 6]).isEqualTo(RED & 0xffffff);
    }

    @Test
    void viewersOfBothKindsSeeEachChange() throws Exception {
        looked.show(frame(50, 60, RED));
        RfbViewer drawing = viewer(RfbViewer.RAW, RfbViewer.CURSOR, RfbViewer.POINTER_POSITION);
        RfbViewer plain = viewer(RfbViewer.RAW);
        update(drawing, false);
        update(plain, false);

        int[] changed = PIXELS.clone();
        changed[0] ^= 0xffffff;
        looked.show(new Frame(200, 130, changed, frame(90, 60, RED).pointer()));
        update(drawing, true);
        update(plain, true);
        int[] whole = Looked.rgb(new Frame(200, 130, changed, frame(90, 60, RED).pointer()).whole());
        assertThat(drawing.rgb()).isEqualTo(Looked.rgb(new Frame(200, 130, changed)));
        assertThat(plain.rgb()).isEqualTo(whole);

        looked.show(new Frame(200, 130, PIXELS));
        update(drawing, true);
        update(plain, true);
        assertThat(drawing.rgb()).isEqualTo(plain.rgb()).isEqualTo(Looked.rgb(new Frame(200, 130, PIXELS)));

        drawing.encodings(RfbViewer.RAW);
        looked.show(frame(20, 20, RED));
        update(drawing, false);
        assertThat(drawing.rgb()).isEqualTo(Looked.rgb(frame(20, 20, RED).whole()));
    }
}
