package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * How a VMM gets a virtual GPU.
 *
 * @param vmm which VMM
 * @param arguments for its command line; none if it is configured by a file
 * @param text the same to copy, or the part of the file
 */
@Json
public record AttachmentJson(String vmm, List<String> arguments, String text) {}
