package dev.nacre.vfio.type;

import java.io.Serial;

/** A file of a firmware's metadata that cannot be used. The message names offset, value and what is allowed. */
public final class MetadataException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    MetadataException(String message) {
        super(message);
    }
}
