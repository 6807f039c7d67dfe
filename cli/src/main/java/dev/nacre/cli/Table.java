package dev.nacre.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text under a head, each column as wide as its widest cell, two spaces between; numbers lie to the right. */
final class Table {
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Boolean> right;

    /** @param head titles of the columns; those that begin with {@code >} lie to the right, and lose it */
    Table(String... head) {
        this.right = Arrays.stream(head).map(title -> title.startsWith(">")).toList();
        rows.add(Arrays.stream(head).map(title -> title.replaceFirst("^>", "")).toList());
    }

    /** Adds a row with a cell for each column. */
    Table row(Object... cells) {
        if (cells.length != right.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + right.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
        return this;
    }

    /** All of it; lines end without spaces. */
    @Override
    public String toString() {
        int[] widths = IntStream.range(0, right.size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).collect(Collectors.joining());
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            String space = " ".repeat(widths[column] - cell.length());
            line.append(column == 0 ? "" : "  ").append(right.get(column) ? space + cell : cell + space);
        }
        return line.toString().stripTrailing() + "\n";
    }
}
