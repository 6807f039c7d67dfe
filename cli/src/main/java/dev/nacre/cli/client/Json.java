package dev.nacre.cli.client;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;

/** Records of the API from JSON and to it. Members that this version does not know are passed over. */
public final class Json {
    private final Jsonb jsonb = found();

    /** With the records' adapters, which are sought with the thread's class loader when this is first asked for. */
    private static Jsonb found() {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        if (Json.class.getModule().isNamed()) {
            thread.setContextClassLoader(new ModulesOnly(Json.class.getClassLoader()));
        }
        try {
            return Jsonb.instance();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A record. @throws IOException if it is not JSON, or not that record's */
    public <T> T read(Class<T> type, String text) throws IOException {
        try {
            return jsonb.type(type).fromJson(text);
        } catch (JsonException | IllegalStateException e) {
            throw new IOException("not what the API says: " + e.getMessage(), e);
        }
    }

    /** A record as JSON. */
    public String write(Object json) {
        return jsonb.toJson(json);
    }
}
