package dev.nacre.pci;

import dev.nacre.linux.Errno;

/**
 * A device could not do what its migration asked of it: a state does not fit it, or it cannot stop now. It carries no
 * stack trace: a client can cause any number of them.
 */
public final class MigrationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /**
     * Makes an exception.
     *
     * @param errno what the client is told
     * @param reason what the operator is told: a sentence without a full stop
     */
    public MigrationException(Errno errno, String reason) {
        super(reason, null, false, false);
        this.errno = errno;
    }

    /** What the client is told. */
    public Errno errno() {
        return errno;
    }
}
