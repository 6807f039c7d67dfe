package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/**
 * A virtual GPU that is wanted.
 *
 * @param name its name
 * @param type its type's name, or number
 * @param board null for any
 * @param uuid null for a random one
 * @param placement null for what fits best
 */
@Json
public record VgpuRequestJson(
        String name,
        String type,
        @Nullable String board,
        @Nullable String uuid,
        @Nullable Integer placement) {}
