package dev.nacre.daemon.state;

import java.io.Serial;

/** What the daemon keeps, or where, cannot be used. The message is a sentence for people that names the file. */
public final class StateException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** Makes one. */
    public StateException(String message) {
        super(message);
    }

    /** As the other, with what made it fail. */
    public StateException(String message, Throwable cause) {
        super(message, cause);
    }
}
