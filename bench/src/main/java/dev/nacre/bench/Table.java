package dev.nacre.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The results of a section: a row for each measurement, beside its baseline where it has one. One thread. */
final class Table {
    /**
     * A measurement.
     *
     * @param name what was measured
     * @param value how much
     * @param unit of the value and of the baseline's
     * @param spread the least and the most of its runs; empty if there was one only
     * @param baseline what the baseline is
     * @param baselineValue how much that is; empty if there is none
     * @param goal what it should reach, if anything
     */
    private record Row(
            String name,
            double value,
            String unit,
            String spread,
            String baseline,
            OptionalDouble baselineValue,
            Optional<Goal> goal) {
        List<String> cells() {
            String beside = baselineValue.isPresent()
                    ? number(baselineValue.getAsDouble()) + " " + unit + "  " + baseline
                    : "-";
            return List.of(
                    name, number(value) + " " + unit, spread, beside, isComparable() ? ratioText() : "-", verdict());
        }

        private boolean isComparable() {
            return baselineValue.isPresent() && baselineValue.getAsDouble() != 0;
        }

        private double ratio() {
            return isComparable() ? value / baselineValue.getAsDouble() : Double.NaN;
        }

        private String ratioText() {
            return String.format(Locale.ROOT, "%.2f", ratio());
        }

        private String verdict() {
            return goal.map(it -> (it.of() == Goal.Of.RATIO ? "ratio " : "")
                            + (it.atLeast() ? ">= " : "<= ")
                            + number(it.limit())
                            + (it.isMet(value, ratio()) ? ": met" : ": NOT met"))
                    .orElse("");
        }
    }

    private static final List<String> HEAD = List.of("name", "value", "spread", "baseline", "ratio", "goal");

    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** Adds a measurement beside a baseline of the same unit. */
    void add(String name, double value, String unit, String baseline, double baselineValue) {
        rows.add(new Row(name, value, unit, "", baseline, OptionalDouble.of(baselineValue), Optional.empty()));
    }

    /** Adds a measurement that has no baseline. */
    void add(String name, double value, String unit) {
        rows.add(new Row(name, value, unit, "", "", OptionalDouble.empty(), Optional.empty()));
    }

    /** Adds the median of several runs, and their spread, with what it should reach. */
    void add(String name, Samples values, String unit, Optional<Goal> goal) {
        rows.add(new Row(name, values.median(), unit, spread(values), "", OptionalDouble.empty(), goal));
    }

    /** Adds the median of several runs, and their spread, beside that of a baseline, with what it should reach. */
    void add(String name, Samples values, String unit, String baseline, Samples baselineValues, Optional<Goal> goal) {
        OptionalDouble beside = OptionalDouble.of(baselineValues.median());
        rows.add(new Row(name, values.median(), unit, spread(values), baseline, beside, goal));
    }

    private static String spread(Samples values) {
        return number(values.percentile(1)) + ".." + number(values.percentile(100));
    }

    /** Adds a line below the rows. */
    void note(String text) {
        notes.add(text);
    }

    /** The table as text, each line with its end; without columns that no row uses. */
    String text() {
        List<List<String>> lines = new ArrayList<>(List.of(HEAD));
        rows.forEach(row -> lines.add(row.cells()));
        int[] widths = new int[HEAD.size()];
        boolean[] used = new boolean[HEAD.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines.subList(1, lines.size())) {
            for (int i = 0; i < used.length; i++) {
                used[i] |= !line.get(i).isEmpty();
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder padded = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                if (used[i]) {
                    padded.append(i == 0 ? "  " : " | ")
                            .append(line.get(i))
                            .repeat(' ', widths[i] - line.get(i).length());
                }
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
