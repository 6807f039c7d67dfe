package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that happened; its members as in {@code openapi.yaml}. */
@Json
public record EventJson(
        long id,
        String time,
        String kind,
        @Nullable String board,
        @Nullable String vgpu,
        String text,
        Map<String, String> details) {}
