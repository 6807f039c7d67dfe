package dev.nacre.board.disp;

import dev.nacre.board.PictureSize;
import dev.nacre.board.PointerImage;
import dev.nacre.board.Scanout;
import dev.nacre.board.disp.HeadPicture.Layer;
import dev.nacre.board.disp.Surfaces.Place;
import dev.nacre.board.vgpu.GuestSurface;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.Nvc67a;
import dev.nacre.hw.disp.Nvc67b;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import dev.nacre.hw.disp.SurfaceFormat;
import dev.nacre.hw.surface.Gob;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToIntFunction;

/**
 * Puts together what a head shows: its windows from the furthest to the nearest, then its cursor, over black. Gamma and
 * scaling are left out.
 */
final class Compositor {
    /** Most pixels of a picture; a guest may ask for a gigabyte more. */
    // 64 MiB of ints; four times the greatest mode of the monitors here would fit.
    private static final int MAX_PIXELS = 1 << 24;

    private static final int PITCH_UNIT_BYTES = 64;
    private static final int CURSOR_ENABLE = 1 << 31;
    private static final int OPAQUE = 0xff000000;
    // HW: nouveau dispnv50/wndwc57e.c: a LUT begins with a header, then four halves an entry, of which three count.
    private static final int LUT_HEADER_BYTES = 0x20;
    private static final int LUT_ENTRY_BYTES = 8;
    private static final int LUT_MODE_DIRECT8 = 1;

    private final DisplayMemory memory;
    private final Surfaces surfaces;
    private final int headStrideBytes;

    Compositor(DisplayMemory memory, Surfaces surfaces, DisplayGeneration generation) {
        this.memory = memory;
        this.surfaces = surfaces;
        this.headStrideBytes = generation.headStrideBytes();
    }

    /** Part of a surface, and where its upper left corner goes. */
    private record Area(int x, int y, int width, int height, int toX, int toY) {}

    /** How large the head's picture is; empty if it has no size that can be shown. */
    Optional<PictureSize> size(HeadPicture picture) {
        int size = picture.head() * headStrideBytes + Nvc67d.HEAD_SET_VIEWPORT_SIZE_IN;
        int width = picture.core().width(size);
        int height = picture.core().height(size);
        return width == 0 || height == 0 || (long) width * height > MAX_PIXELS
                ? Optional.empty()
                : Optional.of(new PictureSize(width, height));
    }

    /**
     * What the head shows; empty if it has no size that can be shown.
     *
     * @param pointerApart whether the cursor is not to be in the pixels
     */
    Optional<Scanout> compose(HeadPicture picture, boolean pointerApart) {
        return size(picture).map(size -> compose(picture, size.width(), size.height(), pointerApart));
    }

    private Scanout compose(HeadPicture picture, int width, int height, boolean pointerApart) {
        Optional<PointerImage> pointer = pointer(picture)
                .filter(it -> it.x() < width && it.y() < height && it.x() + it.side() > 0 && it.y() + it.side() > 0);
        Scanout out = new Scanout(width, height, new int[width * height], pointerApart ? pointer : Optional.empty());
        Arrays.fill(out.pixels(), OPAQUE);
        for (Layer layer : backToFront(picture)) {
            drawWindow(out, layer.window(), layer.position());
        }
        if (!pointerApart) {
            pointer.ifPresent(above -> drawPointer(out, above));
        }
        return out;
    }

    /** The rearmost window's picture; empty if there is none, or it does not lie in the board's memory. */
    Optional<GuestSurface> rearmost(HeadPicture picture) {
        return backToFront(picture).stream()
                .findFirst()
                .map(Layer::window)
                .flatMap(window -> surfaces.picture(window)
                        .filter(place -> !place.memory().system())
                        .map(place -> described(picture.head(), window, place)));
    }

    private static GuestSurface described(int head, MethodState window, Place place) {
        boolean blockLinear = place.memory().blockLinear();
        int height = window.get(Nvc67e.SET_SIZE) >>> 16;
        int pitchBytes = (window.get(Nvc67e.SET_PLANAR_STORAGE) & 0x1fff) * PITCH_UNIT_BYTES;
        int blockHeight = blockLinear ? window.get(Nvc67e.SET_STORAGE) & 0xf : 0;
        int rowLines = blockLinear ? Gob.HEIGHT_LINES << blockHeight : 1;
        return new GuestSurface(
                head,
                window.get(Nvc67e.SET_SIZE) & 0xffff,
                height,
                pitchBytes,
                place.memory().address() + place.offset(),
                (long) pitchBytes * Math.ceilDiv(height, rowLines) * rowLines,
                window.get(Nvc67e.SET_PARAMS) & 0xff,
                blockLinear,
                blockHeight);
    }

    private static List<Layer> backToFront(HeadPicture picture) {
        return picture.layers().stream()
                .sorted(Comparator.comparingInt(Compositor::depth).reversed())
                .toList();
    }

    private static int depth(Layer layer) {
        return layer.window().get(Nvc67e.SET_COMPOSITION_CONTROL) >> 4 & 0xff;
    }

    private void drawWindow(Scanout out, MethodState window, MethodState position) {
        Optional<Place> place = surfaces.picture(window);
        Optional<SurfaceFormat> format = SurfaceFormat.of(window.get(Nvc67e.SET_PARAMS) & 0xff);
        if (place.isEmpty() || format.isEmpty()) {
            return;
        }
        Surface surface = new Surface(
                memory,
                place.get().memory(),
                place.get().offset(),
                (window.get(Nvc67e.SET_PLANAR_STORAGE) & 0x1fff) * PITCH_UNIT_BYTES,
                place.get().memory().blockLinear() ? window.get(Nvc67e.SET_STORAGE) & 0xf : Surface.PITCH,
                format.get());
        int x = window.get(Nvc67e.SET_POINT_IN) & 0xffff;
        int y = window.get(Nvc67e.SET_POINT_IN) >>> 16;
        Area area = new Area(
                x,
                y,
                Math.min(window.width(Nvc67e.SET_SIZE_IN), (window.get(Nvc67e.SET_SIZE) & 0xffff) - x),
                Math.min(window.height(Nvc67e.SET_SIZE_IN), (window.get(Nvc67e.SET_SIZE) >>> 16) - y),
                position.x(Nvc67b.SET_POINT_OUT),
                position.y(Nvc67b.SET_POINT_OUT));
        Blend blend = Blend.ofWindow(
                window.get(Nvc67e.SET_COMPOSITION_CONSTANT_ALPHA), window.get(Nvc67e.SET_COMPOSITION_FACTOR_SELECT));
        draw(out, surface, area, colours(window, format.get()), blend);
    }

    /** What a raw pixel of a window is as {@code 0xAARRGGBB}; opaque if the format has no alpha. */
    private LongToIntFunction colours(MethodState window, SurfaceFormat format) {
        if (format != SurfaceFormat.I8) {
            return format::argb;
        }
        Optional<Place> lut = surfaces.inputLut(window);
        if (lut.isEmpty()) {
            return format::argb;
        }
        boolean direct8 = (window.get(Nvc67e.SET_ILUT_CONTROL) >> 2 & 3) == LUT_MODE_DIRECT8;
        long start = lut.get().offset() + LUT_HEADER_BYTES;
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            // A table for ten bits has four entries for each value of eight.
            long entry = start + (direct8 ? i : 4L * i) * LUT_ENTRY_BYTES;
            int redGreen = memory.read(lut.get().memory(), entry).orElse(0);
            int blue = memory.read(lut.get().memory(), entry + 4).orElse(0);
            table[i] = OPAQUE
                    | SurfaceFormat.half(redGreen) << 16
                    | SurfaceFormat.half(redGreen >>> 16) << 8
                    | SurfaceFormat.half(blue);
        }
        return raw -> table[(int) raw & 0xff];
    }

    /** The cursor, as it is over anything. */
    private Optional<PointerImage> pointer(HeadPicture picture) {
        MethodState core = picture.core();
        int base = picture.head() * headStrideBytes;
        int control = core.get(base + Nvc67d.HEAD_SET_CONTROL_CURSOR);
        Optional<Place> place =
                (control & CURSOR_ENABLE) == 0 ? Optional.empty() : surfaces.cursor(core, picture.head());
        Optional<SurfaceFormat> format = SurfaceFormat.of(control & 0xff);
        if (place.isEmpty() || format.isEmpty()) {
            return Optional.empty();
        }
        int side = 32 << (control >> 8 & 3);
        // HW: nouveau's cursors are in pitch layout whatever the kind of their context DMA.
        Surface surface = new Surface(
                memory,
                place.get().memory(),
                place.get().offset(),
                side * format.get().bytesPerPixel(),
                Surface.PITCH,
                format.get());
        Blend blend = Blend.ofCursor(core.get(base + Nvc67d.HEAD_SET_CONTROL_CURSOR_COMPOSITION));
        int[] pixels = new int[side * side];
        MemorySegment row = surface.rowBuffer(side);
        for (int line = 0; line < side; line++) {
            if (surface.readRow(0, line, side, row)) {
                for (int i = 0; i < side; i++) {
                    pixels[line * side + i] = blend.multiplied(format.get().argb(surface.raw(row, i)));
                }
            }
        }
        int hotX = control >> 12 & 0xff;
        int hotY = control >> 20 & 0xff;
        return Optional.of(new PointerImage(
                picture.cursor().x(Nvc67a.SET_CURSOR_HOT_SPOT_POINT_OUT) - hotX,
                picture.cursor().y(Nvc67a.SET_CURSOR_HOT_SPOT_POINT_OUT) - hotY,
                side,
                hotX,
                hotY,
                pixels));
    }

    private static void drawPointer(Scanout out, PointerImage above) {
        int left = Math.max(0, -above.x());
        int right = Math.min(above.side(), out.width() - above.x());
        int bottom = Math.min(above.side(), out.height() - above.y());
        for (int line = Math.max(0, -above.y()); line < bottom; line++) {
            int to = (above.y() + line) * out.width() + above.x();
            for (int i = left; i < right; i++) {
                out.pixels()[to + i] = Blend.over(above.pixels()[line * above.side() + i], out.pixels()[to + i]);
            }
        }
    }

    private static void draw(Scanout out, Surface surface, Area area, LongToIntFunction colours, Blend blend) {
        int left = Math.max(0, area.toX());
        int right = Math.min(out.width(), area.toX() + area.width());
        int top = Math.max(0, area.toY());
        int bottom = Math.min(out.height(), area.toY() + area.height());
        if (left >= right || top >= bottom) {
            return;
        }
        int count = right - left;
        MemorySegment row = surface.rowBuffer(count);
        for (int line = top; line < bottom; line++) {
            int fromX = area.x() + left - area.toX();
            int fromY = area.y() + line - area.toY();
            if (surface.readRow(fromX, fromY, count, row)) {
                int at = line * out.width() + left;
                for (int i = 0; i < count; i++) {
                    int over = colours.applyAsInt(surface.raw(row, i));
                    out.pixels()[at + i] = blend.apply(over, out.pixels()[at + i]);
                }
            }
        }
    }
}
