package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/**
 * A head; its members as in {@code openapi.yaml}.
 *
 * @param index from 0
 * @param active whether it shows a picture
 * @param width null if it does not
 * @param height likewise
 * @param console path of its WebSocket
 * @param screenshot path of its picture
 */
@Json
public record HeadJson(
        int index,
        boolean active,
        @Nullable Integer width,
        @Nullable Integer height,
        String console,
        String screenshot) {}
