package dev.nacre.testsupport.guest.host;

/**
 * The guest kit cannot do what was asked, for a reason outside this program: no network, a missing host program, a full
 * disk. The message is one line that says what failed, as whom the host's tool reported it, and what to do.
 */
public final class KitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line for a person
     */
    public KitException(String message) {
        super(message);
    }

    /**
     * Creates the exception with its cause.
     *
     * @param message one line for a person
     * @param cause what was thrown below
     */
    public KitException(String message, Throwable cause) {
        super(message, cause);
    }
}
