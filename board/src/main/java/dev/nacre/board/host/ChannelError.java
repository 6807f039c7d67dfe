package dev.nacre.board.host;

/** What a channel asked for cannot be done: it dies. Carries no stack trace: a guest can cause any number of them. */
final class ChannelError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exceptionType;

    /**
     * Makes one.
     *
     * @param exceptionType of {@link dev.nacre.hw.host.RobustChannel}
     */
    ChannelError(int exceptionType, String message) {
        super(message, null, false, false);
        this.exceptionType = exceptionType;
    }

    int exceptionType() {
        return exceptionType;
    }
}
