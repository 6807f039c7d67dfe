package dev.nacre.board.gsp;

/** What a driver handed over at a start cannot be used. Caught where the start is made; carries no stack trace. */
final class BootRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BootRefusedException(String message) {
        super(message, null, false, false);
    }
}
