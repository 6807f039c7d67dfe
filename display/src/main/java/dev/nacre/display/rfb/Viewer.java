package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import dev.nacre.display.Pointer;
import dev.nacre.display.rfb.ClientMessage.Input;
import dev.nacre.display.rfb.ClientMessage.SetDesktopSize;
import dev.nacre.display.rfb.ClientMessage.SetEncodings;
import dev.nacre.display.rfb.ClientMessage.SetPixelFormat;
import dev.nacre.display.rfb.ClientMessage.UpdateRequest;
import dev.nacre.display.rfb.Update.SizeNews;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What a viewer has said, and what it has been shown: for each tile, the generation it was last sent in. One thread tells
 * it what the viewer says, another takes updates.
 */
final class Viewer {
    /** A rectangle has at most so many pixels, which bounds what is held while it is compressed. */
    private static final int MAX_AREA_TILES = 64;

    /** An update has at most so many rectangles; the rest follows in the next. */
    private static final int MAX_AREAS = 1024;

    private static final Pointer DOT = PointerShape.dot();

    private Encodings encodings = Encodings.NONE;
    private PixelFormat format = PixelFormat.RGB_888;
    private boolean mapDue;
    private boolean pointerDue;
    private Pointer shape = DOT;
    private Optional<Pointer> told = Optional.empty();
    private SizeNews sizeDue = SizeNews.NONE;
    private boolean asking;
    private boolean fresh;
    private boolean lost;
    private boolean over;
    private Area wanted = Area.NOTHING;
    private int width;
    private int height;
    private long[] sent = new long[0];

    /** Notes the size that the handshake tells. */
    synchronized void told(Picture picture) {
        resize(picture);
    }

    private void resize(Picture picture) {
        width = picture.frame().width();
        height = picture.frame().height();
        sent = new long[picture.columns() * picture.rows()];
    }

    /** Notes what the viewer says. */
    synchronized void hear(ClientMessage message) {
        switch (message) {
            case SetPixelFormat(PixelFormat wish, boolean map) -> {
                format = wish;
                mapDue = map;
                pointerDue = encodings.takesShape();
            }
            case SetEncodings(Encodings all) -> {
                pointerDue |=
                        (all.pointer() && !encodings.pointer()) || (all.alphaPointer() && !encodings.alphaPointer());
                pointerDue &= all.takesShape();
                if (all.drawsPointer() != encodings.drawsPointer()) {
                    // Another picture from now on: with the pointer or without it.
                    Arrays.fill(sent, 0);
                    told = Optional.empty();
                    pointerDue = all.takesShape();
                }
                if (!all.extendedResize()) {
                    sizeDue = SizeNews.NONE;
                } else if (!encodings.extendedResize()) {
                    sizeDue = SizeNews.TOLD;
                }
                encodings = all;
            }
            case UpdateRequest request -> ask(request);
            case SetDesktopSize() -> sizeDue = encodings.extendedResize() ? SizeNews.REFUSED : SizeNews.NONE;
            case Input() -> {}
        }
    }

    private void ask(UpdateRequest request) {
        Area area = request.area();
        wanted = asking ? wanted.with(area) : area;
        asking = true;
        if (request.incremental()) {
            return;
        }
        fresh = true;
        tilesOf(area).stream().forEach(tile -> sent[tile] = 0);
    }

    private BitSet tilesOf(Area area) {
        BitSet tiles = new BitSet(sent.length);
        Area inside = area.within(width, height);
        if (inside.isEmpty()) {
            return tiles;
        }
        int columns = (width + Picture.TILE - 1) / Picture.TILE;
        int right = (inside.right() + Picture.TILE - 1) / Picture.TILE;
        for (int y = inside.y() / Picture.TILE; y * Picture.TILE < inside.bottom(); y++) {
            tiles.set(y * columns + inside.x() / Picture.TILE, y * columns + right);
        }
        return tiles;
    }

    /** Whether it waits for an update. */
    synchronized boolean isAsking() {
        return asking;
    }

    /** Whether it waits for one that is not about what has changed, and must be of this moment. */
    synchronized boolean wantsFresh() {
        return asking && fresh;
    }

    /** Ends it: it gets nothing more. */
    synchronized void end() {
        over = true;
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Whether it ended because the screen has another size now and it does not understand that. */
    synchronized boolean isLost() {
        return lost;
    }

    /** What it is to be sent, if it asks and there is something; it counts as sent then. */
    synchronized Optional<Update> take(Picture picture) {
        if (!asking || over) {
            return Optional.empty();
        }
        if (!picture.hasSizeOf(width, height)) {
            if (!encodings.resize() && !encodings.extendedResize()) {
                over = true;
                lost = true;
                return Optional.empty();
            }
            resize(picture);
            sizeDue = SizeNews.NONE;
            return Optional.of(taken(picture, List.of(), SizeNews.TOLD));
        }
        List<Area> areas = areas(picture);
        if (areas.isEmpty() && !pointerDue(picture) && !hasMoved(picture) && sizeDue == SizeNews.NONE && !fresh) {
            return Optional.empty();
        }
        SizeNews size = sizeDue;
        sizeDue = SizeNews.NONE;
        return Optional.of(taken(picture, areas, size));
    }

    /** The pointer that it is to draw for this picture. */
    private Pointer shape(Picture picture) {
        return encodings.drawsPointer() ? picture.pointer().orElse(DOT) : DOT;
    }

    private boolean pointerDue(Picture picture) {
        return encodings.takesShape() && (pointerDue || !shape.looksLike(shape(picture)));
    }

    /** Whether the machine's pointer, which it draws, is elsewhere than it was told. */
    private boolean hasMoved(Picture picture) {
        return encodings.drawsPointer()
                && picture.pointer()
                        .filter(now ->
                                told.filter(then -> isAtThePlaceOf(then, now)).isEmpty())
                        .isPresent();
    }

    private static boolean isAtThePlaceOf(Pointer one, Pointer other) {
        return one.x() + one.hotX() == other.x() + other.hotX() && one.y() + one.hotY() == other.y() + other.hotY();
    }

    private Update taken(Picture picture, List<Area> areas, SizeNews size) {
        boolean map = mapDue;
        Optional<Pointer> news = Optional.empty();
        Optional<Pointer> at = Optional.empty();
        if (size == SizeNews.NONE) {
            if (pointerDue(picture)) {
                shape = shape(picture);
                news = Optional.of(shape);
                pointerDue = false;
            }
            if (hasMoved(picture)) {
                at = picture.pointer();
                told = at;
            }
        }
        mapDue = false;
        asking = false;
        fresh = false;
        Frame frame = picture.frame(encodings.drawsPointer());
        return new Update(frame, areas, size, news, at, map, format, encodings);
    }

    /** The tiles that it wants and does not have, put together where they are side by side. */
    private List<Area> areas(Picture picture) {
        int columns = picture.columns();
        BitSet missing = missing(picture);
        List<Area> areas = new ArrayList<>();
        int tile = missing.nextSetBit(0);
        while (tile >= 0 && areas.size() < MAX_AREAS) {
            int column = tile % columns;
            int row = tile / columns;
            int across = 1;
            while (column + across < columns && across < MAX_AREA_TILES && missing.get(tile + across)) {
                across++;
            }
            int down = 1;
            while ((down + 1) * across <= MAX_AREA_TILES
                    && row + down < picture.rows()
                    && missing.nextClearBit(tile + down * columns) >= tile + down * columns + across) {
                down++;
            }
            for (int y = 0; y < down; y++) {
                missing.clear(tile + y * columns, tile + y * columns + across);
                for (int x = 0; x < across; x++) {
                    sent[tile + y * columns + x] = picture.generation();
                }
            }
            areas.add(picture.area(column, row, across, down));
            tile = missing.nextSetBit(tile);
        }
        return areas;
    }

    private BitSet missing(Picture picture) {
        BitSet missing = tilesOf(wanted);
        tilesOf(wanted).stream()
                .filter(tile -> sent[tile] >= picture.changed(tile, encodings.drawsPointer()))
                .forEach(missing::clear);
        return missing;
    }
}
