package dev.nacre.testsupport.guest.qemu;

/** A guest or its QEMU did not do what was waited for; the message ends with the last lines that it said. */
public final class GuestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was waited for, and what came instead
     */
    public GuestException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message what was waited for
     * @param cause what was thrown below
     */
    public GuestException(String message, Throwable cause) {
        super(message, cause);
    }
}
