package dev.nacre.cli.client;

import java.io.IOException;

/** No daemon answers, or what answers is none. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean forbidden;

    UnreachableException(String message, boolean forbidden, Throwable cause) {
        super(message, cause);
        this.forbidden = forbidden;
    }

    /** Whether the caller may not use its socket or file. */
    public boolean isForbidden() {
        return forbidden;
    }
}
