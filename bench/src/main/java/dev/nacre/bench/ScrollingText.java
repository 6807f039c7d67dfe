package dev.nacre.bench;

import dev.nacre.display.Frame;
import dev.nacre.display.rfb.RfbSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/** A console full of text, which scrolls by a line whenever it is looked at. */
final class ScrollingText implements RfbSource {
    private static final int WIDTH = 1024;
    private static final int HEIGHT = 768;
    private static final int CELL_WIDTH = 8;
    private static final int CELL_HEIGHT = 16;
    private static final int COLUMNS = WIDTH / CELL_WIDTH;
    private static final int GLYPHS = 64;
    private static final int BLACK = 0xff000000;
    private static final int GREY = 0xffaaaaaa;

    private final SplittableRandom random = new SplittableRandom(1);
    private final int[] glyphs = new int[GLYPHS * CELL_HEIGHT];
    private int[] shown = new int[WIDTH * HEIGHT];

    ScrollingText() {
        Arrays.fill(shown, BLACK);
        // Each glyph is some strokes in the middle of its cell.
        for (int i = 0; i < glyphs.length; i++) {
            int row = i % CELL_HEIGHT;
            glyphs[i] = row < 3 || row > 12 ? 0 : random.nextInt() & 0x7e;
        }
        for (int i = 0; i < HEIGHT / CELL_HEIGHT; i++) {
            scroll();
        }
    }

    @Override
    public String name() {
        return "scrolling text";
    }

    @Override
    public Optional<Frame> frame() {
        scroll();
        return Optional.of(new Frame(WIDTH, HEIGHT, shown));
    }

    /** Moves all up by a line and writes a line of words of four to eleven letters, three quarters full. */
    private void scroll() {
        int[] next = new int[shown.length];
        int line = WIDTH * CELL_HEIGHT;
        System.arraycopy(shown, line, next, 0, next.length - line);
        Arrays.fill(next, next.length - line, next.length, BLACK);
        int length = random.nextInt(COLUMNS / 2, COLUMNS);
        int word = 0;
        for (int column = 0; column < length; column++) {
            if (word == 0) {
                word = random.nextInt(4, 12);
            } else {
                draw(next, next.length - line + column * CELL_WIDTH, random.nextInt(GLYPHS));
                word--;
            }
        }
        shown = next;
    }

    private void draw(int[] pixels, int at, int glyph) {
        for (int y = 0; y < CELL_HEIGHT; y++) {
            int row = glyphs[glyph * CELL_HEIGHT + y];
            for (int x = 0; x < CELL_WIDTH; x++) {
                if ((row >> x & 1) != 0) {
                    pixels[at + y * WIDTH + x] = GREY;
                }
            }
        }
    }
}
