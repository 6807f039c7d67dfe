package dev.nacre.daemon.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Paths such as {@code /v1/vgpus/{name}}. A parameter is one segment; the last may be {@code {file...}}, which takes the
 * rest of the path.
 */
final class PathTemplate {
    private static final String REST = "...}";

    private final String text;
    private final List<String> segments;

    PathTemplate(String text) {
        this.text = text;
        this.segments = split(text);
    }

    private static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /**
     * Whether a path is one of these, and with what parameters.
     *
     * @param path decoded; begins with a slash
     */
    Optional<Map<String, String>> match(String path) {
        List<String> parts = split(path);
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            if (i >= parts.size()) {
                return Optional.empty();
            }
            String segment = segments.get(i);
            if (segment.endsWith(REST)) {
                parameters.put(name(segment, REST), String.join("/", parts.subList(i, parts.size())));
                return Optional.of(parameters);
            }
            if (segment.startsWith("{") && !parts.get(i).isEmpty()) {
                parameters.put(name(segment, "}"), parts.get(i));
            } else if (!segment.equals(parts.get(i))) {
                return Optional.empty();
            }
        }
        return parts.size() == segments.size() ? Optional.of(parameters) : Optional.empty();
    }

    private static String name(String segment, String end) {
        return segment.substring(1, segment.length() - end.length());
    }

    /** As {@code openapi.yaml} writes it. */
    String text() {
        return text.replace(REST, "}");
    }
}
