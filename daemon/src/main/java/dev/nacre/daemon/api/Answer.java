package dev.nacre.daemon.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with. */
sealed interface Answer {
    /** The type of JSON. */
    String JSON = "application/json";

    /**
     * A whole body.
     *
     * @param status 2xx
     * @param type its media type
     * @param body its bytes
     * @param headers that the answer has besides
     */
    @SuppressWarnings("ArrayRecordComponent") // written once, never compared
    record Whole(int status, String type, byte[] body, Map<String, String> headers) implements Answer {}

    /**
     * None.
     *
     * @param status 204 or 304
     * @param headers that the answer has
     */
    record Empty(int status, Map<String, String> headers) implements Answer {}

    /**
     * A body that is written as it comes.
     *
     * @param type its media type
     * @param body writes it
     */
    record Stream(String type, Body body) implements Answer {}

    /** The connection is something else from now on, and the request answered. */
    record Upgraded() implements Answer {}

    /** Writes a body, on the request's thread. It is closed in any case, also if nothing was written. */
    interface Body extends AutoCloseable {
        /**
         * Writes it until it ends.
         *
         * @throws IOException if the caller has gone, or does not read
         * @throws InterruptedException if the server stops
         */
        void write(OutputStream out) throws IOException, InterruptedException;

        @Override
        void close();
    }

    /** A record as JSON. */
    static Answer json(Object json) {
        return new Whole(200, JSON, Json.bytes(json), Map.of());
    }

    /** Text in a type of its own. */
    static Answer text(String type, String text) {
        return new Whole(200, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Nothing to say: it has been done. */
    static Answer done() {
        return new Empty(204, Map.of());
    }
}
