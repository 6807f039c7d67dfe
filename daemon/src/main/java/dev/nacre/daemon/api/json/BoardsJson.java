package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * Boards.
 *
 * @param boards in the configuration's order
 */
@Json
public record BoardsJson(List<BoardJson> boards) {}
