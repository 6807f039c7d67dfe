package dev.nacre.coretck;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The results of a run. Printed and written when it is closed, after the last test. Any thread. */
final class TckReport implements AutoCloseable {
    /** The tables, as they are printed. */
    static final String TEXT = "tck-report.txt";

    /** The same for programs: a line for each cell; operation, core, transport, chip and result, parted by tabs. */
    static final String LINES = "tck-report.tsv";

    private static final String NONE = "-";

    private final Map<Setting, Map<String, Result>> results = new TreeMap<>();
    private final Map<Setting, Integer> counts = new TreeMap<>();
    private final PrintStream out;
    private final Optional<Path> folder;

    /**
     * An empty one.
     *
     * @param out where it is printed at its end
     * @param folder where it is written to, if anywhere
     */
    TckReport(PrintStream out, Optional<Path> folder) {
        this.out = out;
        this.folder = folder;
    }

    /** Takes a test's result. */
    synchronized void add(Setting setting, List<String> operations, Result result) {
        Map<String, Result> cells = results.computeIfAbsent(setting, s -> new TreeMap<>());
        operations.forEach(operation -> cells.merge(operation, result, Result::and));
        counts.merge(setting, 1, Integer::sum);
    }

    /** Two tables with a column for each core and transport: operations, and chips. */
    synchronized String text() {
        List<String> columns =
                results.keySet().stream().map(TckReport::column).distinct().toList();
        Map<String, Function<Setting, Optional<Result>>> operations = new LinkedHashMap<>();
        Operations.all().forEach(name -> operations.put(name, setting -> cell(setting, name)));
        Map<String, Function<Setting, Optional<Result>>> chips = new LinkedHashMap<>();
        results.keySet().stream()
                .map(Setting::chip)
                .distinct()
                .sorted()
                .forEach(chip -> chips.put(chip, setting -> whole(setting, chip)));
        int tests = counts.values().stream().mapToInt(Integer::intValue).sum();
        return table("operation", columns, operations) + "\n" + table("chip", columns, chips) + "\n" + tests
                + " tests\n";
    }

    /** A line for each cell. */
    synchronized String lines() {
        StringBuilder text = new StringBuilder();
        results.forEach((setting, cells) -> cells.forEach((operation, result) -> text.append(String.join(
                        "\t", operation, setting.core(), setting.transport(), setting.chip(), result.toString()))
                .append('\n')));
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        out.println(text());
        if (folder.isPresent()) {
            Files.createDirectories(folder.get());
            Files.writeString(folder.get().resolve(TEXT), text());
            Files.writeString(folder.get().resolve(LINES), lines());
        }
    }

    private Optional<Result> cell(Setting setting, String operation) {
        return Optional.ofNullable(results.getOrDefault(setting, Map.of()).get(operation));
    }

    private Optional<Result> whole(Setting setting, String chip) {
        return setting.chip().equals(chip)
                ? results.getOrDefault(setting, Map.of()).values().stream().reduce(Result::and)
                : Optional.empty();
    }

    private String table(String title, List<String> columns, Map<String, Function<Setting, Optional<Result>>> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(withTitle(title, columns));
        rows.forEach((name, cell) -> lines.add(withTitle(
                name, columns.stream().map(column -> cell(column, cell)).toList())));
        return lines.stream().map(line -> padded(line, lines)).collect(Collectors.joining("\n", "", "\n"));
    }

    /** What a cell says for all settings of its column. */
    private String cell(String column, Function<Setting, Optional<Result>> cell) {
        return results.keySet().stream()
                .filter(setting -> column(setting).equals(column))
                .flatMap(setting -> cell.apply(setting).stream())
                .reduce(Result::and)
                .map(Result::toString)
                .orElse(NONE);
    }

    private static List<String> withTitle(String title, List<String> cells) {
        List<String> line = new ArrayList<>(List.of(title));
        line.addAll(cells);
        return line;
    }

    private static String padded(List<String> line, List<List<String>> all) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.size(); i++) {
            int index = i;
            int width = all.stream().mapToInt(l -> l.get(index).length()).max().orElse(0);
            text.append(i == 0 ? "" : " | ")
                    .append(line.get(i))
                    .repeat(' ', width - line.get(i).length());
        }
        return text.toString().stripTrailing();
    }

    private static String column(Setting setting) {
        return setting.core() + ", " + setting.transport();
    }
}
