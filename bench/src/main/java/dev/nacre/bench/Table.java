package dev.nacre.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The results of a section: a row for each measurement, beside its baseline where it has one. One thread. */
final class Table {
    /**
     * A measurement.
     *
     * @param name what was measured
     * @param value how much
     * @param unit of the value and of the baseline's
     * @param baseline what the baseline is
     * @param baselineValue how much that is; empty if there is none
     */
    private record Row(String name, double value, String unit, String baseline, OptionalDouble baselineValue) {
        List<String> cells() {
            String beside = baselineValue.isPresent()
                    ? number(baselineValue.getAsDouble()) + " " + unit + "  " + baseline
                    : "-";
            boolean comparable = baselineValue.isPresent() && baselineValue.getAsDouble() != 0;
            String ratio = comparable ? String.format(Locale.ROOT, "%.2f", value / baselineValue.getAsDouble()) : "-";
            return List.of(name, number(value) + " " + unit, beside, ratio);
        }
    }

    private static final List<String> HEAD = List.of("name", "value", "baseline", "ratio");

    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Adds a measurement beside a baseline of the same unit. */
    void add(String name, double value, String unit, String baseline, double baselineValue) {
        rows.add(new Row(name, value, unit, baseline, OptionalDouble.of(baselineValue)));
    }

    /** Adds a measurement that has no baseline. */
    void add(String name, double value, String unit) {
        rows.add(new Row(name, value, unit, "", OptionalDouble.empty()));
    }

    /** Adds a line below the rows. */
    void note(String text) {
        notes.add(text);
    }

    /** The table as text, each line with its end. */
    String text() {
        List<List<String>> lines = new ArrayList<>(List.of(HEAD));
        rows.forEach(row -> lines.add(row.cells()));
        int[] widths = new int[HEAD.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                padded.append(i == 0 ? "  " : " | ")
                        .append(line.get(i))
                        .repeat(' ', widths[i] - line.get(i).length());
            }
            text.append(padded.toString().stripTrailing()).append('\n');
        }
        notes.forEach(note -> text.append("  ").append(note).append('\n'));
        return text.toString();
    }

    /** Whole numbers from 100 on and where there is nothing behind the point, else three digits at least. */
    private static String number(double value) {
        double magnitude = Math.abs(value);
        if (value == Math.rint(value) || magnitude >= 100) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(Locale.ROOT, magnitude >= 10 ? "%.1f" : "%.2f", value);
    }
}
