package dev.nacre.board.disp;

import dev.nacre.board.Scanout;
import dev.nacre.board.disp.DisplayMemory.Place;
import dev.nacre.hw.disp.Nvc67a;
import dev.nacre.hw.disp.Nvc67b;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import dev.nacre.hw.disp.SurfaceFormat;
import dev.nacre.hw.surface.Gob;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** Puts together what a head shows: its windows in order, then its cursor, over black. */
final class Compositor {
    private static final int SIDE = 0x7fff;
    private static final int CORE_ID = 0;
    private static final int PITCH_UNIT_BYTES = 64;
    private static final int CURSOR_ENABLE = 1 << 31;
    private static final int OPAQUE = 0xff000000;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DisplayMemory memory;

    Compositor(DisplayMemory memory) {
        this.memory = memory;
    }

    /**
     * A picture in memory.
     *
     * @param place its first byte
     * @param width pixels in a row
     * @param height rows
     * @param pitchBytes bytes from a row to the next; for block-linear of a row of GOBs, divided by their lines
     * @param blockHeightLog2 GOBs in a block, log2; -1 for pitch layout
     * @param format of its pixels
     */
    private record Surface(
            Place place, int width, int height, int pitchBytes, int blockHeightLog2, SurfaceFormat format) {}

    /** What the head shows; empty if it is off. */
    Optional<Scanout> compose(ChannelState core, int head, Iterable<ChannelState> windows, ChannelSet channels) {
        int size = core.armed(head * Nvc67d.HEAD_STRIDE + Nvc67d.HEAD_SET_VIEWPORT_SIZE_IN);
        int width = size & SIDE;
        int height = size >> 16 & SIDE;
        if (!HeadTiming.of(core, head).isOn() || width == 0 || height == 0) {
            return Optional.empty();
        }
        int[] pixels = new int[width * height];
        Arrays.fill(pixels, OPAQUE);
        Scanout out = new Scanout(width, height, pixels);
        for (ChannelState window : windows) {
            drawWindow(out, window, channels.windowImmediate(window.instance()));
        }
        drawCursor(out, core, head, channels.cursor(head));
        return Optional.of(out);
    }

    private void drawWindow(Scanout out, ChannelState window, ChannelState position) {
        int handle = window.armed(Nvc67e.SET_CONTEXT_DMA_ISO);
        if (handle == 0) {
            return;
        }
        int size = window.armed(Nvc67e.SET_SIZE);
        int storage = window.armed(Nvc67e.SET_STORAGE);
        long offset = (window.armed(Nvc67e.SET_OFFSET) & 0xffffffffL) << 8;
        Optional<Place> base = memory.contextDma(handle, window.hashId());
        if (base.isEmpty()) {
            return;
        }
        Surface surface = new Surface(
                base.get().plus(offset),
                size & 0xffff,
                size >>> 16,
                (window.armed(Nvc67e.SET_PLANAR_STORAGE) & 0x1fff) * PITCH_UNIT_BYTES,
                base.get().blockLinear() ? storage & 0xf : -1,
                SurfaceFormat.of(window.armed(Nvc67e.SET_PARAMS) & 0xff));
        int from = window.armed(Nvc67e.SET_POINT_IN);
        int part = window.armed(Nvc67e.SET_SIZE_IN);
        int to = position.armed(Nvc67b.SET_POINT_OUT);
        Rectangle source = new Rectangle(from & 0xffff, from >>> 16, part & SIDE, part >> 16 & SIDE);
        draw(out, surface, source, (short) to, to >> 16);
    }

    private void drawCursor(Scanout out, ChannelState core, int head, ChannelState cursor) {
        int base = head * Nvc67d.HEAD_STRIDE;
        int control = core.armed(base + Nvc67d.HEAD_SET_CONTROL_CURSOR);
        int handle = core.armed(base + Nvc67d.HEAD_SET_CONTEXT_DMA_CURSOR);
        Optional<Place> place = (control & CURSOR_ENABLE) == 0 ? Optional.empty() : memory.contextDma(handle, CORE_ID);
        if (place.isEmpty()) {
            return;
        }
        long offset = (core.armed(base + Nvc67d.HEAD_SET_OFFSET_CURSOR) & 0xffffffffL) << 8;
        int side = 32 << (control >> 8 & 3);
        SurfaceFormat format = SurfaceFormat.of(control & 0xff);
        Surface surface = new Surface(place.get().plus(offset), side, side, side * format.bytesPerPixel(), -1, format);
        int point = cursor.armed(Nvc67a.SET_CURSOR_HOT_SPOT_POINT_OUT);
        int x = (short) point - (control >> 12 & 0xff);
        int y = (point >> 16) - (control >> 20 & 0xff);
        draw(out, surface, new Rectangle(0, 0, side, side), x, y);
    }

    /** Part of a surface. */
    private record Rectangle(int x, int y, int width, int height) {}

    private void draw(Scanout out, Surface surface, Rectangle part, int toX, int toY) {
        int width = Math.min(part.width(), surface.width() - part.x());
        int height = Math.min(part.height(), surface.height() - part.y());
        if (width <= 0 || height <= 0 || surface.pitchBytes() == 0) {
            return;
        }
        MemorySegment row = MemorySegment.ofArray(
                new byte
                        [Math.max(
                                surface.pitchBytes(),
                                (part.x() + width) * surface.format().bytesPerPixel())]);
        for (int y = 0; y < height; y++) {
            int line = toY + y;
            if (line >= 0 && line < out.height() && readRow(surface, part.y() + y, part.x() + width, row)) {
                blendRow(out, line, toX, surface.format(), row, part.x(), width);
            }
        }
    }

    /** Reads the first pixels of a row, whatever the layout. */
    private boolean readRow(Surface surface, int y, int pixels, MemorySegment row) {
        long bytes = (long) pixels * surface.format().bytesPerPixel();
        if (surface.blockHeightLog2() < 0) {
            return memory.read(surface.place(), (long) y * surface.pitchBytes(), row, bytes);
        }
        int log2 = surface.blockHeightLog2();
        long gobY = y / Gob.HEIGHT_LINES;
        long blocksInRow = surface.pitchBytes() / Gob.WIDTH_BYTES;
        long blockBytes = (long) Gob.SIZE_BYTES << log2;
        long rowOfBlocks = (gobY >>> log2) * blocksInRow * blockBytes + (gobY & ((1L << log2) - 1)) * Gob.SIZE_BYTES;
        for (long x = 0; x < bytes; x += Gob.RUN_BYTES) {
            long offset = rowOfBlocks + x / Gob.WIDTH_BYTES * blockBytes + Gob.offset(x, y);
            long count = Math.min(Gob.RUN_BYTES, bytes - x);
            if (!memory.read(surface.place(), offset, row.asSlice(x), count)) {
                return false;
            }
        }
        return true;
    }

    private static void blendRow(
            Scanout out, int line, int toX, SurfaceFormat format, MemorySegment row, int fromX, int width) {
        int[] pixels = out.pixels();
        for (int i = 0; i < width; i++) {
            int x = toX + i;
            if (x < 0 || x >= out.width()) {
                continue;
            }
            long at = (long) (fromX + i) * format.bytesPerPixel();
            int raw = format.bytesPerPixel() == 2 ? row.get(SHORT, at) & 0xffff : row.get(INT, at);
            int index = line * out.width() + x;
            pixels[index] = blend(format.argb(raw), pixels[index]);
        }
    }

    /** Puts a pixel whose colours are multiplied by its alpha already over an opaque one. */
    private static int blend(int over, int under) {
        int rest = 255 - (over >>> 24);
        if (rest == 0) {
            return over;
        }
        return OPAQUE | channel(over, under, rest, 16) | channel(over, under, rest, 8) | channel(over, under, rest, 0);
    }

    private static int channel(int over, int under, int rest, int shift) {
        int value = (over >>> shift & 255) + (under >>> shift & 255) * rest / 255;
        return Math.min(value, 255) << shift;
    }
}
