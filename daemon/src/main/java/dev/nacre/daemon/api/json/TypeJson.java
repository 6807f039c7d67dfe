package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A type of virtual GPU; its members as in {@code openapi.yaml}. */
@Json
public record TypeJson(
        int id,
        String name,
        String chip,
        String series,
        long fbBytes,
        int heads,
        int maxWidth,
        int maxHeight,
        @Nullable Integer frameRateLimit,
        long bar1Bytes,
        int maxInstances,
        int encoderShare,
        boolean ecc,
        List<Room> boards) {
    /**
     * What room a board has for it.
     *
     * @param board the board's name
     * @param creatable how many more
     */
    @Json
    public record Room(String board, int creatable) {}
}
