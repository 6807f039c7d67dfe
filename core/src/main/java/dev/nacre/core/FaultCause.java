package dev.nacre.core;

/** Why a channel failed. */
public enum FaultCause {
    /** An address has no page, or one that does not allow the access. */
    MMU(1),
    /** The channel's commands are malformed. */
    PUSHBUFFER(2),
    /** The engine refused a method. */
    ENGINE(3),
    /** The channel did not end its work in time. */
    TIMEOUT(4),
    /** Anything else. */
    OTHER(5);

    private final int number;

    FaultCause(int number) {
        this.number = number;
    }

    /** Its number in {@code nacre_core.h}. */
    public int number() {
        return number;
    }
}
