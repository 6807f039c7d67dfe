package dev.nacre.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.host.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written about metrics is true: the table in docs/metrics.md, the dashboard, and the conventions of names. */
class MetricDocsTest {
    private static final Path DOCS = Path.of("../docs/metrics.md");
    private static final Path DASHBOARD = Path.of("src/main/dashboards/nacre.json");
    private static final Pattern EXPRESSION = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern NAME = Pattern.compile("\\b(?:nacre|jvm|process)_[a-z0-9_]+");
    private static final List<String> UNITS =
            List.of("_bytes", "_seconds", "_ratio", "_celsius", "_watts", "_hertz", "_info", "_total");

    private static Set<String> jvmNames() {
        return Scrape.of(new Metrics(List.of(), new EventLog(), Map::of, "0")).names();
    }

    @Test
    void theTableHasEveryMetricOnce() throws IOException {
        List<String> rows = Files.readAllLines(DOCS).stream()
                .filter(line -> line.startsWith("| `nacre_"))
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Metric.values())
                        .map(metric -> "| `" + metric.exposedName() + "` | "
                                + metric.kind().name().toLowerCase(Locale.ROOT) + " | "
                                + metric.labels().stream().collect(Collectors.joining(", ")) + " | "
                                + metric.help() + " |")
                        .toList());
    }

    @Test
    void theDashboardAsksForWhatThereIs() throws IOException {
        String json = Files.readString(DASHBOARD);
        Set<String> known = new TreeSet<>(jvmNames());
        for (Metric metric : Metric.values()) {
            known.add(metric.exposedName());
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                known.addAll(List.of(
                        metric.exposedName() + "_bucket",
                        metric.exposedName() + "_sum",
                        metric.exposedName() + "_count"));
            }
        }

        Set<String> asked = EXPRESSION
                .matcher(json)
                .results()
                .flatMap(it -> NAME.matcher(it.group(1)).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(asked).hasSizeGreaterThan(20).isSubsetOf(known);
    }

    @Test
    void theDashboardShowsEveryMetricButWhatIsForSearching() throws IOException {
        String json = Files.readString(DASHBOARD);

        assertThat(Arrays.stream(Metric.values())
                        .filter(metric -> metric != Metric.BOARD_INFO
                                && metric != Metric.BOARD_FUNCTIONS
                                && metric != Metric.VFIO_USER_CONNECTIONS
                                && metric != Metric.BOARD_ENGINE_BUSY
                                && metric != Metric.BOARD_GSP_MESSAGES)
                        .map(Metric::exposedName))
                .allMatch(json::contains);
    }

    @ParameterizedTest
    @EnumSource
    void namesFollowTheConventions(Metric metric) {
        assertThat(metric.exposedName()).matches("nacre_[a-z_]+");
        assertThat(metric.exposedName().endsWith("_total")).isEqualTo(metric.kind() == Metric.Kind.COUNTER);
        assertThat(metric.help()).isNotBlank().doesNotEndWith(".");
        if (metric.kind() == Metric.Kind.HISTOGRAM) {
            assertThat(UNITS).anyMatch(metric.exposedName()::endsWith);
        }
    }
}
