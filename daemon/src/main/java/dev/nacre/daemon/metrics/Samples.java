package dev.nacre.daemon.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The values of one scrape. One thread. */
final class Samples {
    private static final String TOTAL = "_total";

    private final Map<Metric, GaugeSnapshot.Builder> gauges = new EnumMap<>(Metric.class);
    private final Map<Metric, CounterSnapshot.Builder> counters = new EnumMap<>(Metric.class);
    private final Map<Metric, HistogramSnapshot.Builder> histograms = new EnumMap<>(Metric.class);

    private static Labels labels(Metric metric, Metric.Kind kind, String... values) {
        if (metric.kind() != kind) {
            throw new IllegalArgumentException("Metric is of another kind: " + metric + " is no " + kind);
        }
        return Labels.of(metric.labels().toArray(String[]::new), values);
    }

    /** Adds a whole number that goes up and down. Above 2^53 it loses its last digits, as all do for Prometheus. */
    void gauge(Metric metric, long value, String... labels) {
        gauge(metric, (double) value, labels);
    }

    /** Adds a whole number that only grows; as {@link #gauge(Metric, long, String...)}. */
    void counter(Metric metric, long value, String... labels) {
        counter(metric, (double) value, labels);
    }

    /** Adds a value that goes up and down. */
    void gauge(Metric metric, double value, String... labels) {
        gauges.computeIfAbsent(
                        metric,
                        it -> GaugeSnapshot.builder().name(it.exposedName()).help(it.help()))
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels(metric, Metric.Kind.GAUGE, labels))
                        .build());
    }

    /** Adds a value that only grows. */
    void counter(Metric metric, double value, String... labels) {
        counters.computeIfAbsent(
                        metric, it -> CounterSnapshot.builder().name(stem(it)).help(it.help()))
                .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .value(value)
                        .labels(labels(metric, Metric.Kind.COUNTER, labels))
                        .build());
    }

    /** The name without what is added for a counter. */
    static String stem(Metric metric) {
        String name = metric.exposedName();
        return name.endsWith(TOTAL) ? name.substring(0, name.length() - TOTAL.length()) : name;
    }

    /**
     * Adds counts of ranges.
     *
     * @param bounds upper ends of the ranges; the last is infinity
     * @param counts of each range by itself
     * @param sum of all values
     */
    void histogram(Metric metric, List<Double> bounds, List<Long> counts, double sum, String... labels) {
        histograms
                .computeIfAbsent(
                        metric,
                        it -> HistogramSnapshot.builder().name(it.exposedName()).help(it.help()))
                .dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(bounds, counts))
                        .sum(sum)
                        .labels(labels(metric, Metric.Kind.HISTOGRAM, labels))
                        .build());
    }

    /** All values. */
    MetricSnapshots build() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().forEach(it -> all.metricSnapshot(it.build()));
        counters.values().forEach(it -> all.metricSnapshot(it.build()));
        histograms.values().forEach(it -> all.metricSnapshot(it.build()));
        return all.build();
    }
}
