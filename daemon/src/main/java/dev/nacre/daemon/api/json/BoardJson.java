package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A board; its members as in {@code openapi.yaml}. */
@Json
public record BoardJson(
        String name,
        String chip,
        String product,
        String uuid,
        String state,
        @Nullable String reason,
        String core,
        String firmware,
        String client,
        @Nullable String driver,
        @Nullable Integer files,
        List<HeadJson> heads,
        String function,
        long fbBytes,
        long fbUsableBytes,
        long fbGivenBytes,
        long fbKeptBytes,
        long fbFreeBytes,
        long segmentBytes,
        int channels,
        int channelsFree,
        int virtualFunctions,
        int virtualFunctionsFree,
        SchedulingJson scheduling,
        String placement,
        UtilisationJson utilisation,
        @Nullable SensorsJson sensors,
        Map<String, Long> faults,
        String sockets) {}
