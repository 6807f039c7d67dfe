package dev.nacre.cli.client;

import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** No daemon answers, or what answers is none. */
public final class UnreachableException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean forbidden;
    private final boolean ofFile;

    UnreachableException(String message, boolean forbidden, Throwable cause) {
        this(message, forbidden, false, cause);
    }

    private UnreachableException(String message, boolean forbidden, boolean ofFile, Throwable cause) {
        super(message, cause);
        this.forbidden = forbidden;
        this.ofFile = ofFile;
    }

    /** Says that a file of the caller's, without which the daemon cannot be asked, cannot be read. */
    static UnreachableException ofFile(String message, IOException cause) {
        return new UnreachableException(message, cause instanceof AccessDeniedException, true, cause);
    }

    /** Whether it is a file of the caller's that was not read, and no daemon has been asked. */
    public boolean isOfFile() {
        return ofFile;
    }

    /** Whether the caller may not use its socket or file. */
    public boolean isForbidden() {
        return forbidden;
    }
}
