package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * Virtual GPUs.
 *
 * @param vgpus by name
 */
@Json
public record VgpusJson(List<VgpuJson> vgpus) {}
