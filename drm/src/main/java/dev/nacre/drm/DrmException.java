package dev.nacre.drm;

import dev.nacre.core.CoreException;
import dev.nacre.linux.Errno;

/** An ioctl failed, in a way that its client is told. Has no stack trace: clients cause as many as they like. */
public final class DrmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    /** Makes one. */
    public DrmException(Errno errno) {
        this(errno, errno.name());
    }

    /**
     * Makes one.
     *
     * @param message why, for debugging
     */
    public DrmException(Errno errno, String message) {
        super(message, null, false, false);
        this.errno = errno;
    }

    /** What a client sees of a core's failure. */
    public static DrmException of(CoreException failure) {
        Errno errno = switch (failure.error()) {
            case INVALID_ARGUMENT, VERSION -> Errno.EINVAL;
            case NO_SPACE -> Errno.ENOSPC;
            case NO_MEMORY -> Errno.ENOMEM;
            case BUSY -> Errno.EBUSY;
            case EXISTS -> Errno.EEXIST;
            case NOT_SUPPORTED -> Errno.EOPNOTSUPP;
            case STALE, GONE -> Errno.ENODEV;
            case SUSPENDED -> Errno.EBUSY;
            case TIMED_OUT -> Errno.ETIMEDOUT;
            case IO, NO_FIRMWARE -> Errno.EIO;
        };
        return new DrmException(errno, String.valueOf(failure.getMessage()));
    }

    /** What the client sees. */
    public Errno errno() {
        return errno;
    }
}
