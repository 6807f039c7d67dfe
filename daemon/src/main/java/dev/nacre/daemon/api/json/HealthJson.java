package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;

/**
 * How the daemon is.
 *
 * @param status {@code ok} or {@code ready}
 */
@Json
public record HealthJson(String status) {}
