package dev.nacre.core;

import dev.nacre.linux.Errno;
import java.util.Optional;

/** Why an operation failed. */
public enum CoreError {
    /** A value is impossible. */
    INVALID_ARGUMENT(Errno.EINVAL),
    /** Nothing is left of what was asked for. */
    NO_SPACE(Errno.ENOSPC),
    /** Somebody else has it, or something still uses it. */
    BUSY(Errno.EBUSY),
    /** It has been done already. */
    EXISTS(Errno.EEXIST),
    /** This core, or this GPU, does not do that. */
    NOT_SUPPORTED(Errno.EOPNOTSUPP),
    /** There is no version of the interface that both sides know. */
    VERSION(Errno.EPROTONOSUPPORT),
    /** What was freed or detached was used. */
    STALE(Errno.EBADF),
    /** The GPU has gone, or the core was closed. */
    GONE(Errno.ENODEV),
    /** The host sleeps. */
    SUSPENDED(Errno.EHOSTDOWN),
    /** The GPU did not answer in time. */
    TIMED_OUT(Errno.ETIMEDOUT),
    /** The GPU or its firmware answered what it must not, or refused. */
    IO(Errno.EIO),
    /** A file that the GPU needs is missing. */
    NO_FIRMWARE(Errno.ENOENT),
    /** The memory of this host does not suffice. */
    NO_MEMORY(Errno.ENOMEM);

    private final Errno errno;

    CoreError(Errno errno) {
        this.errno = errno;
    }

    /** What {@code nacre_core.h} returns, negated. No two have the same. */
    public Errno errno() {
        return errno;
    }

    /** The error with a number. */
    public static Optional<CoreError> of(int errno) {
        for (CoreError error : values()) {
            if (error.errno.number() == errno) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }
}
