package dev.nacre.daemon.api;

import io.avaje.jsonb.Jsonb;

/** Records as JSON, by adapters that are generated when they are compiled. */
final class Json {
    // Absent members are left out; empty lists are members like any other.
    private static final Jsonb JSONB =
            Jsonb.builder().serializeNulls(false).serializeEmpty(true).build();

    private Json() {}

    /** As UTF-8. */
    static byte[] bytes(Object json) {
        return JSONB.toJsonBytes(json);
    }

    /** As text in one line. */
    static String text(Object json) {
        return JSONB.toJson(json);
    }
}
