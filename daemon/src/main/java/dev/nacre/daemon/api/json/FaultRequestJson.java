package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/**
 * A fault that is to happen.
 *
 * @param kind which, as {@code openapi.yaml} lists them
 * @param number of kind {@code xid}; null for 31
 * @param text of kind {@code xid}; null for one of the daemon's
 * @param stalled of kind {@code stalled-gsp}; null for true
 */
@Json
public record FaultRequestJson(
        String kind,
        @Nullable Integer number,
        @Nullable String text,
        @Nullable Boolean stalled) {}
