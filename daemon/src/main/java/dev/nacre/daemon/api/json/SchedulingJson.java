package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/**
 * How virtual GPUs share the engines.
 *
 * @param policy {@code best-effort}, {@code equal-share} or {@code fixed-share}
 * @param timeSliceMilliseconds null if the firmware chooses
 */
@Json
public record SchedulingJson(String policy, @Nullable Integer timeSliceMilliseconds) {}
