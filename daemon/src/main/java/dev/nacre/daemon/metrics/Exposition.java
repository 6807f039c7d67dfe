package dev.nacre.daemon.metrics;

/**
 * All metrics at a moment, as a scraper wants them.
 *
 * @param contentType what {@code body} is in UTF-8, for the header of that name
 * @param body the text
 */
public record Exposition(String contentType, String body) {}
