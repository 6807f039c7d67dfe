package dev.nacre.daemon.api;

import java.util.Locale;

/** What programs read of a problem, and the HTTP status that goes with it. */
enum ProblemCode {
    INVALID(400, "Bad Request"),
    UNAUTHORIZED(401, "Unauthorized"),
    FORBIDDEN(403, "Forbidden"),
    NOT_FOUND(404, "Not Found"),
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    NOT_ACCEPTABLE(406, "Not Acceptable"),
    SLOW(408, "Request Timeout"),
    BUSY(409, "Conflict"),
    EXHAUSTED(409, "Conflict"),
    TOO_LARGE(413, "Content Too Large"),
    MEDIA_TYPE(415, "Unsupported Media Type"),
    UNSUPPORTED(422, "Unprocessable Content"),
    UPGRADE_REQUIRED(426, "Upgrade Required"),
    TOO_MANY(429, "Too Many Requests"),
    HEADERS_TOO_LARGE(431, "Request Header Fields Too Large"),
    FAILED(500, "Internal Server Error"),
    UNAVAILABLE(503, "Service Unavailable"),
    TIMED_OUT(504, "Gateway Timeout");

    private final int status;
    private final String title;

    ProblemCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    /** As programs read it: {@code not-found}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one for a status that the HTTP server itself answers with. */
    static ProblemCode of(int status) {
        for (ProblemCode code : values()) {
            if (code.status == status) {
                return code;
            }
        }
        return status < 500 ? INVALID : FAILED;
    }
}
