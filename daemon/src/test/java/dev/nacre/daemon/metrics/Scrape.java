package dev.nacre.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A scrape as Prometheus reads it: series by name and labels, types by name.
 *
 * @param values by series, such as {@code name{a="b"}} with labels in alphabetical order
 * @param types by metric
 */
record Scrape(Map<String, Double> values, Map<String, String> types) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    static Scrape of(Metrics metrics) {
        Exposition exposition = metrics.exposition(null);
        assertThat(exposition.contentType()).startsWith("text/plain");
        return parse(exposition.body());
    }

    static Scrape parse(String text) {
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, String> types = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("# TYPE ")) {
                String[] words = line.split(" ", -1);
                types.put(words[2], words[3]);
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                Matcher matcher = LINE.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                String series = matcher.group(1) + labels(matcher.group(2));
                Double before = values.put(
                        series,
                        matcher.group(3).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.valueOf(matcher.group(3)));
                assertThat(before).as("second value of %s", series).isNull();
            }
        }
        return new Scrape(values, types);
    }

    private static String labels(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        Map<String, String> labels = new TreeMap<>();
        Matcher matcher = LABEL.matcher(text);
        while (matcher.lookingAt()) {
            labels.put(matcher.group(1), matcher.group(2));
            matcher.region(matcher.end(), text.length());
        }
        assertThat(matcher.regionStart()).as("labels: %s", text).isEqualTo(text.length());
        return labels.entrySet().stream()
                .map(it -> it.getKey() + "=\"" + it.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    double value(String series) {
        assertThat(values).containsKey(series);
        return Objects.requireNonNull(values.get(series));
    }

    /** Names of all series. */
    Set<String> names() {
        return values.keySet().stream()
                .map(series -> series.replaceFirst("\\{.*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
