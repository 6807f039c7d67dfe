package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;

/**
 * What runs.
 *
 * @param version of the program
 * @param api the number in the paths
 */
@Json
public record VersionJson(String version, int api) {}
