package dev.nacre.bench;

import static org.assertj.core.api.Assertions.assertThat;

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
}
