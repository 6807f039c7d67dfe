package dev.nacre.daemon.api;

import java.io.Serial;

/** The API cannot be served as configured. The message is a line for the operator. */
public final class ApiException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public ApiException(String message) {
        super(message);
    }

    /** As the other, with what made it fail. */
    public ApiException(String message, Throwable cause) {
        super(message, cause);
    }
}
