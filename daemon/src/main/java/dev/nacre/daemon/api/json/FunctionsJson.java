package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PCI functions.
 *
 * @param functions the physical one first
 */
@Json
public record FunctionsJson(List<Function> functions) {
    /** A function; its members as in {@code openapi.yaml}, numbers in hexadecimal. */
    @Json
    public record Function(
            String address,
            String classCode,
            String vendor,
            String device,
            String revision,
            String subsystemVendor,
            String subsystemDevice,
            @Nullable String driver,
            @Nullable String failure,
            @Nullable String vgpu) {}
}
