package dev.nacre.board.ce;

/** A launch that the copy engine cannot do. Carries no stack trace: a guest can cause any number of them. */
public final class CopyError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public CopyError(String message) {
        super(message, null, false, false);
    }
}
