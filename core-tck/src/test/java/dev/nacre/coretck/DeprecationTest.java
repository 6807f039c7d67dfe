package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tables of docs/core-deprecation.md say what the report of this build's run of the kit does. */
class DeprecationTest {
    private static final Path PAGE = Path.of("..", "docs", "core-deprecation.md");
    private static final Path REPORT = Path.of("target", TckReport.LINES);
    private static final List<String> CORES = List.of("java", "c");

    /** A row such as {@code | `Core.attach` | 0.1 | - |}: the release since which each core has it, or none. */
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (\\S+) \\| (\\S+) \\|");

    private static final Pattern RELEASE = Pattern.compile("[0-9]+\\.[0-9]+");

    private record Cell(String operation, String core, String transport, String chip, String result) {
        static Cell of(String line) {
            String[] parts = line.split("\t", -1);
            return new Cell(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }
    }

    private static List<Cell> cells = List.of();

    @BeforeAll
    static void read() throws IOException {
        assumeTrue(Files.exists(REPORT), "the kit was not run");
        try (var lines = Files.lines(REPORT)) {
            cells = lines.map(Cell::of).toList();
        }
        long runs = cells.stream()
                .map(cell -> cell.core() + cell.transport())
                .distinct()
                .count();
        assumeTrue(runs == 4, "the kit was run in parts only");
    }

    @Test
    void operationsAreThoseThatPassedOnEveryTransport() throws IOException {
        assertThat(rows("Operations")).isEqualTo(passed(Cell::operation));
    }

    @Test
    void chipsAreThoseOnWhichNothingFailed() throws IOException {
        assertThat(rows("Chips")).isEqualTo(passed(Cell::chip));
    }

    /** By row, whether each core has it. */
    private static Map<String, List<Boolean>> rows(String section) throws IOException {
        Map<String, List<Boolean>> rows = new TreeMap<>();
        String text = Files.readString(PAGE);
        int start = text.indexOf("\n## " + section + "\n");
        assertThat(start).as("section " + section).isNotNegative();
        int end = text.indexOf("\n## ", start + 1);
        Matcher row = ROW.matcher(text.substring(start, end < 0 ? text.length() : end));
        while (row.find()) {
            rows.put(row.group(1), List.of(isThere(row.group(2)), isThere(row.group(3))));
        }
        return rows;
    }

    private static boolean isThere(String since) {
        assertThat(since)
                .matches(text -> text.equals("-") || RELEASE.matcher(text).matches(), "a release, or -");
        return !since.equals("-");
    }

    private static Map<String, List<Boolean>> passed(Function<Cell, String> row) {
        return new TreeMap<>(cells.stream()
                .collect(Collectors.groupingBy(
                        row, Collectors.collectingAndThen(Collectors.toList(), DeprecationTest::byCore))));
    }

    private static List<Boolean> byCore(List<Cell> some) {
        return CORES.stream().map(core -> works(some, core)).toList();
    }

    /** Whether a core passed some test on each transport that it was tried on, and failed none. */
    private static boolean works(List<Cell> some, String core) {
        Map<String, Set<String>> results = some.stream()
                .filter(cell -> cell.core().equals(core))
                .collect(Collectors.groupingBy(Cell::transport, Collectors.mapping(Cell::result, Collectors.toSet())));
        return !results.isEmpty()
                && results.values().stream().allMatch(all -> all.contains("ok") && !all.contains("FAILED"));
    }
}
