package dev.nacre.daemon.metrics;

import dev.nacre.daemon.console.Head;
import dev.nacre.daemon.host.BoardHost;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.display.rfb.RfbCounts;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a daemon, in a registry of their own. Nearly all are asked for when somebody scrapes; only requests to the
 * API and changes of virtual GPUs are noted when they happen. Any thread.
 */
public final class Metrics {
    private static final double NANOS = 1e9;

    /** From a page that is in memory to a request that waits for a firmware. */
    private static final double[] REQUEST_SECONDS = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};

    /** From a refusal to a firmware that does not answer. */
    private static final double[] OPERATION_SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Histogram requests;
    private final Histogram operations;

    /**
     * Makes them.
     *
     * @param hosts the boards; they stay the caller's
     * @param events what happens
     * @param screens what the consoles of each head have done
     * @param version of this release
     */
    public Metrics(List<BoardHost> hosts, EventLog events, Supplier<Map<Head, RfbCounts>> screens, String version) {
        requests = histogram(Metric.API_REQUEST_DURATION, REQUEST_SECONDS);
        operations = histogram(Metric.VGPU_OPERATION_DURATION, OPERATION_SECONDS);
        registry.register(new BoardCollector(hosts, events, screens, version));
        JvmMetrics.builder().register(registry);
    }

    private Histogram histogram(Metric metric, double... upperBounds) {
        return Histogram.builder()
                .name(metric.exposedName())
                .help(metric.help())
                .labelNames(metric.labels().toArray(String[]::new))
                .classicOnly()
                .classicUpperBounds(upperBounds)
                .register(registry);
    }

    /**
     * All of them now; takes some milliseconds.
     *
     * @param acceptHeader what the scraper says it takes; null for the text format of Prometheus
     */
    public Exposition exposition(@Nullable String acceptHeader) {
        ExpositionFormatWriter writer = formats.findWriter(acceptHeader);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            writer.write(body, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("Memory cannot be written", e);
        }
        return new Exposition(writer.getContentType(), body.toString(StandardCharsets.UTF_8));
    }

    /**
     * Notes a request to the API.
     *
     * @param operation its name in the API's contract: one of few, never what a client has sent
     * @param status HTTP status of the answer
     * @param ns how long it took, in nanoseconds
     */
    public void request(String operation, int status, long ns) {
        requests.labelValues(operation, Integer.toString(status)).observe(ns / NANOS);
    }

    /** The same operations, which are noted here if they change a virtual GPU. */
    public VgpuOperations measured(VgpuOperations operationsToMeasure) {
        return new MeasuredOperations(operationsToMeasure, this);
    }

    /** Notes a change of a virtual GPU. */
    void operation(String name, String result, long ns) {
        operations.labelValues(name, result).observe(ns / NANOS);
    }
}
