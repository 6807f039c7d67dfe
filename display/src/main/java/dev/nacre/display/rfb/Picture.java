package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import java.util.Arrays;

/** What a source showed at a look, and at which look each of its tiles was last seen to change. Never changes itself. */
final class Picture {
    /** Pixels on each side of a tile: those of ZRLE. */
    static final int TILE = ZrleTile.SIDE;

    private final Frame frame;
    private final long generation;
    private final int columns;
    private final long[] changed;

    private Picture(Frame frame, long generation, long[] changed) {
        this.frame = frame;
        this.generation = generation;
        this.columns = tiles(frame.width());
        this.changed = changed;
    }

    /** A first picture, of generation 1. */
    static Picture first(Frame frame) {
        return whole(frame, 1);
    }

    private static Picture whole(Frame frame, long generation) {
        long[] changed = new long[tiles(frame.width()) * tiles(frame.height())];
        Arrays.fill(changed, generation);
        return new Picture(frame, generation, changed);
    }

    private static int tiles(int pixels) {
        return (pixels + TILE - 1) / TILE;
    }

    /** The picture after another look: this one if nothing changed. */
    Picture next(Frame now) {
        if (!hasSizeOf(now.width(), now.height())) {
            return whole(now, generation + 1);
        }
        int first = Arrays.mismatch(frame.pixels(), now.pixels());
        if (first < 0) {
            return this;
        }
        long[] next = changed.clone();
        for (int y = first / frame.width(); y < frame.height(); y++) {
            int row = y * frame.width();
            int end = row + frame.width();
            for (int at = row; at < end; ) {
                int different = Arrays.mismatch(frame.pixels(), at, end, now.pixels(), at, end);
                if (different < 0) {
                    break;
                }
                int column = (at - row + different) / TILE;
                next[y / TILE * columns + column] = generation + 1;
                at = row + (column + 1) * TILE;
            }
        }
        return new Picture(now, generation + 1, next);
    }

    Frame frame() {
        return frame;
    }

    /** How often it has changed, from 1. */
    long generation() {
        return generation;
    }

    boolean hasSizeOf(int width, int height) {
        return frame.width() == width && frame.height() == height;
    }

    /** Tiles in a row. */
    int columns() {
        return columns;
    }

    /** Rows of tiles. */
    int rows() {
        return changed.length / columns;
    }

    /** The generation in which a tile last changed. */
    long changed(int tile) {
        return changed[tile];
    }

    /** The part of the frame that some tiles cover. */
    Area area(int column, int row, int acrossTiles, int downTiles) {
        return new Area(column * TILE, row * TILE, acrossTiles * TILE, downTiles * TILE)
                .within(frame.width(), frame.height());
    }
}
