package dev.nacre.daemon.api;

import java.util.List;

/**
 * What answers one method of some paths.
 *
 * @param operation its name in {@code openapi.yaml}
 * @param method {@code GET}, {@code POST} or {@code DELETE}
 * @param path the paths
 * @param produces the media type of its answer, which the request must accept
 * @param open whether it needs no token
 * @param handler answers
 */
record Route(String operation, String method, PathTemplate path, String produces, boolean open, Handler handler) {
    /** Produces what the caller cannot choose, or nothing. */
    static final String ANY = "*/*";

    /** Answers a request, on its virtual thread. */
    interface Handler {
        /**
         * Answers.
         *
         * @throws ProblemException if it cannot be answered as asked
         * @throws InterruptedException if the server stops
         */
        Answer answer(Exchange exchange) throws InterruptedException;
    }

    /** The routes of one resource. */
    interface Resource {
        /** All of them. */
        List<Route> routes();
    }

    static Route get(String operation, String path, String produces, Handler handler) {
        return new Route(operation, "GET", new PathTemplate(path), produces, false, handler);
    }

    /** One that needs no token. */
    static Route getOpen(String operation, String path, String produces, Handler handler) {
        return new Route(operation, "GET", new PathTemplate(path), produces, true, handler);
    }

    static Route post(String operation, String path, String produces, Handler handler) {
        return new Route(operation, "POST", new PathTemplate(path), produces, false, handler);
    }

    static Route delete(String operation, String path, Handler handler) {
        return new Route(operation, "DELETE", new PathTemplate(path), ANY, false, handler);
    }
}
