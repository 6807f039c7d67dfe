package dev.nacre.daemon.host;

import java.util.Locale;

/** Why the service refused something. */
public enum ServiceError {
    /** There is no such board, virtual GPU, type or head. */
    NOT_FOUND,
    /** A value is impossible. */
    INVALID,
    /** A name, an id or a place is taken, or something else is being done to it. */
    BUSY,
    /** Nothing is left of what was asked for. */
    EXHAUSTED,
    /** This board, its core or this build does not do that. */
    UNSUPPORTED,
    /** It was tried and did not work. */
    FAILED;

    /** In one word, as programs read it: {@code not-found}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
