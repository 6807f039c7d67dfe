package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * Types of virtual GPUs.
 *
 * @param types by number
 */
@Json
public record TypesJson(List<TypeJson> types) {}
