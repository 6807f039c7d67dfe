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

    /**
     * Creates the exception for a file or stream that could not be used.
     *
     * @param what what was tried
     * @param cause why it failed; its kind belongs to the message, because file errors often name only the file
     */
    public static KitException because(String what, Exception cause) {
        String kind = cause.getClass().getSimpleName().replaceFirst("Exception$", "");
        return new KitException(what + ": " + kind + " " + cause.getMessage(), cause);
    }
}
