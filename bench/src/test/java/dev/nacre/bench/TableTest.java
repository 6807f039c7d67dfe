package dev.nacre.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table();

    @Test
    void columnsAreAlignedAndTheRatioIsOfTheBaseline() {
        table.add("short", 1.5, "s", "half of it", 0.75);
        table.add("rather long", 1234.4, "MiB/s", "nothing", 0);

        assertThat(table.text().lines())
                .containsExactly(
                        "  name        | value      | baseline           | ratio",
                        "  short       | 1.50 s     | 0.75 s  half of it | 2.00",
                        "  rather long | 1234 MiB/s | 0 MiB/s  nothing   | -");
    }

    @Test
    void withoutABaselineThereIsNoRatio() {
        table.add("messages", 42, "messages");

        assertThat(table.text()).contains("messages | 42 messages | -        | -");
    }

    @Test
    void notesFollowTheRows() {
        table.add("x", 0, "B", "y", 0);
        table.note("goal met");

        assertThat(table.text()).endsWith("  x    | 0 B   | 0 B  y   | -\n  goal met\n");
    }

    @Test
    void numbersHaveAsManyDigitsAsTheyDeserve() {
        table.add("a", 0.123, "ns");
        table.add("b", 12.34, "ns");
        table.add("c", 123.6, "ns");

        assertThat(table.text()).contains("| 0.12 ns |", "| 12.3 ns |", "| 124 ns  |");
    }

    @Test
    void runsShowTheirMedianTheirSpreadAndWhetherTheGoalIsMet() {
        Samples values = samples(3, 1, 2);

        table.add("fast", values, "us", "floor", samples(4, 4, 4), Optional.of(Goal.ratioAtMost(0.5)));
        table.add("many", values, "k/s", Optional.of(Goal.valueAtLeast(2.5)));
        table.add("free", values, "B", Optional.empty());

        assertThat(table.text().lines())
                .containsExactly(
                        "  name | value | spread | baseline    | ratio | goal",
                        "  fast | 2 us  | 1..3   | 4 us  floor | 0.50  | ratio <= 0.50: met",
                        "  many | 2 k/s | 1..3   | -           | -     | >= 2.50: NOT met",
                        "  free | 2 B   | 1..3   | -           | -     |");
    }

    private static Samples samples(double... values) {
        Samples samples = new Samples(values.length);
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }
}
