package dev.nacre.daemon.api;

import dev.nacre.daemon.api.json.HealthJson;
import dev.nacre.daemon.api.json.VersionJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The daemon itself: health, readiness, metrics, version, the API's contract. */
final class ServiceRoutes implements Route.Resource {
    /** The number in the paths. */
    private static final int API = 1;

    private static final String CONTRACT = "openapi.yaml";
    private static final String YAML = "application/yaml";
    private static final String TEXT = "text/plain";

    private final ApiParts parts;
    private final Workers workers;

    ServiceRoutes(ApiParts parts, Workers workers) {
        this.parts = parts;
        this.workers = workers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.getOpen("health", "/healthz", Answer.JSON, exchange -> Answer.json(new HealthJson("ok"))),
                Route.getOpen("readiness", "/readyz", Answer.JSON, this::ready),
                Route.get("metrics", "/metrics", TEXT, this::metrics),
                Route.get("openapi", "/openapi.yaml", YAML, this::contract),
                Route.get("version", "/v1/version", Answer.JSON, this::version));
    }

    private Answer ready(Exchange exchange) {
        parts.unready().get().ifPresent(reason -> {
            throw ProblemException.of(ProblemCode.UNAVAILABLE, reason);
        });
        return Answer.json(new HealthJson("ready"));
    }

    private Answer metrics(Exchange exchange) throws InterruptedException {
        Supplier<String> source =
                parts.metrics().orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "Metrics are turned off"));
        // HW: the media type of Prometheus' text format
        return Answer.text("text/plain; version=0.0.4; charset=utf-8", workers.ask(source::get));
    }

    private Answer contract(Exchange exchange) {
        try (InputStream in = ServiceRoutes.class.getResourceAsStream(CONTRACT)) {
            if (in == null) {
                throw new IllegalStateException("The contract is not in this build: " + CONTRACT);
            }
            return new Answer.Whole(200, YAML, in.readAllBytes(), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer version(Exchange exchange) {
        exchange.allowQuery();
        return Answer.json(new VersionJson(parts.version(), API));
    }
}
