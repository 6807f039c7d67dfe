package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import dev.nacre.display.Pointer;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a source showed at a look, with its pointer and without it, and at which look each of the tiles was last seen to
 * change. Never changes itself.
 */
final class Picture {
    /** Pixels on each side of a tile: those of ZRLE. */
    static final int TILE = ZrleTile.SIDE;

    private final Layer whole;
    // The same as the other while there is no pointer.
    private final Layer bare;
    private final Optional<Pointer> pointer;
    private final long generation;
    private final int columns;

    private Picture(Layer whole, Layer bare, Optional<Pointer> pointer, long generation) {
        this.whole = whole;
        this.bare = bare;
        this.pointer = pointer;
        this.generation = generation;
        this.columns = tiles(whole.frame.width());
    }

    /** Pixels, and the generation in which each tile last changed. */
    private static final class Layer {
        private final Frame frame;
        private final long[] changed;

        Layer(Frame frame, long[] changed) {
            this.frame = frame;
            this.changed = changed;
        }

        static Layer of(Frame frame, long generation) {
            long[] changed = new long[tiles(frame.width()) * tiles(frame.height())];
            Arrays.fill(changed, generation);
            return new Layer(frame, changed);
        }

        /** The layer after another look: this one if nothing changed. */
        Layer next(Frame now, long generation) {
            int first = Arrays.mismatch(frame.pixels(), now.pixels());
            if (first < 0) {
                return this;
            }
            int columns = tiles(frame.width());
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
                    next[y / TILE * columns + column] = generation;
                    at = row + (column + 1) * TILE;
                }
            }
            return new Layer(now, next);
        }

        /** The same pixels, with the changes of another layer too. */
        Layer with(Layer other) {
            long[] both = changed.clone();
            Arrays.setAll(both, tile -> Math.max(changed[tile], other.changed[tile]));
            return new Layer(frame, both);
        }
    }

    /** A first picture, of generation 1. */
    static Picture first(Frame frame) {
        return anew(frame, 1);
    }

    private static Picture anew(Frame frame, long generation) {
        Layer bare = Layer.of(frame, generation);
        Layer whole = frame.pointer().isEmpty() ? bare : Layer.of(frame.whole(), generation);
        return new Picture(whole, bare, frame.pointer(), generation);
    }

    private static int tiles(int pixels) {
        return (pixels + TILE - 1) / TILE;
    }

    /** The picture after another look: this one if nothing changed. */
    Picture next(Frame now) {
        if (!hasSizeOf(now.width(), now.height())) {
            return anew(now, generation + 1);
        }
        Layer nextWhole = whole.next(now.whole(), generation + 1);
        Layer nextBare;
        if (bare == whole && now.pointer().isEmpty()) {
            nextBare = nextWhole;
        } else {
            nextBare = bare.next(now, generation + 1);
            if (now.pointer().isEmpty()) {
                nextWhole = nextWhole.with(nextBare);
                nextBare = nextWhole;
            }
        }
        return nextWhole == whole && nextBare == bare && isSame(pointer, now.pointer())
                ? this
                : new Picture(nextWhole, nextBare, now.pointer(), generation + 1);
    }

    private static boolean isSame(Optional<Pointer> before, Optional<Pointer> now) {
        if (before.isEmpty() || now.isEmpty()) {
            return before.isEmpty() && now.isEmpty();
        }
        Pointer then = before.get();
        return then.x() == now.get().x() && then.y() == now.get().y() && then.looksLike(now.get());
    }

    /** All that is seen, the pointer included. */
    Frame frame() {
        return whole.frame;
    }

    /** What is seen, with the pointer or without it. */
    Frame frame(boolean withoutPointer) {
        return withoutPointer ? bare.frame : whole.frame;
    }

    /** The source's own pointer; empty if it has none, or none that is apart. */
    Optional<Pointer> pointer() {
        return pointer;
    }

    /** How often it has changed, from 1. */
    long generation() {
        return generation;
    }

    boolean hasSizeOf(int width, int height) {
        return whole.frame.width() == width && whole.frame.height() == height;
    }

    /** Tiles in a row. */
    int columns() {
        return columns;
    }

    /** Rows of tiles. */
    int rows() {
        return whole.changed.length / columns;
    }

    /** The generation in which a tile last changed, as {@link #frame(boolean)} shows it. */
    long changed(int tile, boolean withoutPointer) {
        return (withoutPointer ? bare : whole).changed[tile];
    }

    /** The part of the frame that some tiles cover. */
    Area area(int column, int row, int acrossTiles, int downTiles) {
        return new Area(column * TILE, row * TILE, acrossTiles * TILE, downTiles * TILE)
                .within(whole.frame.width(), whole.frame.height());
    }
}
