package dev.nacre.core;

/** An operation of the core failed; nothing of it has been done. */
public final class CoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CoreError error;

    /**
     * Makes one.
     *
     * @param message what, with the value and what is allowed
     */
    public CoreException(CoreError error, String message) {
        super(message);
        this.error = error;
    }

    /** As the other, with what made it fail. */
    public CoreException(CoreError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** Why. */
    public CoreError error() {
        return error;
    }
}
