package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a picture of a text console with the text that the guest's kernel says it shows ({@code /dev/vcs}), without
 * knowing the font: over the whole screen, equal characters must have equal cells, and different characters different
 * ones. A picture that is shifted, torn, swizzled or of another moment cannot satisfy that.
 */
final class ScreenText {
    /** The kernel's default console font. */
    private static final int CELL_WIDTH = 8;

    private static final int CELL_HEIGHT = 16;

    private ScreenText() {}

    /**
     * Checks a picture.
     *
     * @param pixels rows of ARGB
     * @param width pixels in a row
     * @param rows the console's lines, top to bottom; shorter ones are filled with spaces
     * @param cursorRow the line with the blinking cursor, which is left out; or -1
     */
    static void assertShows(int[] pixels, int width, List<String> rows, int cursorRow) {
        int columns = width / CELL_WIDTH;
        Map<Character, BitSet> cellOf = new HashMap<>();
        Map<BitSet, Character> characterOf = new HashMap<>();
        int compared = 0;
        for (int row = 0; row < rows.size(); row++) {
            if (row == cursorRow) {
                continue;
            }
            for (int column = 0; column < columns; column++) {
                char expected = column < rows.get(row).length() ? rows.get(row).charAt(column) : ' ';
                BitSet cell = cell(pixels, width, column * CELL_WIDTH, row * CELL_HEIGHT);
                BitSet known = cellOf.putIfAbsent(expected, cell);
                assertThat(known == null || known.equals(cell))
                        .as("row %d column %d shows '%c' as elsewhere; row: %s", row, column, expected, rows.get(row))
                        .isTrue();
                Character same = characterOf.putIfAbsent(cell, expected);
                assertThat(same == null || same == expected)
                        .as("row %d column %d shows '%c', not '%c'", row, column, expected, same)
                        .isTrue();
                compared += expected == ' ' ? 0 : 1;
            }
        }
        assertThat(cellOf.getOrDefault(' ', new BitSet()).isEmpty())
                .as("a space is blank")
                .isTrue();
        assertThat(compared).as("characters compared").isGreaterThan(200);
    }

    private static BitSet cell(int[] pixels, int width, int left, int top) {
        BitSet bits = new BitSet(CELL_WIDTH * CELL_HEIGHT);
        for (int y = 0; y < CELL_HEIGHT; y++) {
            for (int x = 0; x < CELL_WIDTH; x++) {
                bits.set(y * CELL_WIDTH + x, (pixels[(top + y) * width + left + x] & 0xffffff) != 0);
            }
        }
        return bits;
    }
}
