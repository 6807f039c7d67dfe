package dev.nacre.board.state;

/** Saved state cannot be taken: it is damaged, or from a board that is configured otherwise. */
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public StateException(String message) {
        super(message);
    }
}
