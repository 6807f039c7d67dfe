package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A virtual GPU; its members as in {@code openapi.yaml}. */
@Json
public record VgpuJson(
        String name,
        String uuid,
        String board,
        String type,
        String state,
        @Nullable String reason,
        @Nullable String function,
        String socket,
        @Nullable Integer placement,
        long fbBytes,
        int channels,
        boolean connected,
        @Nullable Usage usage,
        @Nullable Guest guest,
        List<HeadJson> heads) {
    /** What it uses; its members as in {@code openapi.yaml}, shares in percent. */
    @Json
    public record Usage(
            long fbUsedBytes,
            double graphicsPercent,
            double copyPercent,
            double encoderPercent,
            double decoderPercent) {}

    /**
     * What its guest has told of itself.
     *
     * @param driverLoaded whether a driver runs it
     * @param driverVersion null if the driver has not said it
     * @param boots how often a driver has started it
     */
    @Json
    public record Guest(boolean driverLoaded, @Nullable String driverVersion, long boots) {}
}
