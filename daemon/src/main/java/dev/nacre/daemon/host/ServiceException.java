package dev.nacre.daemon.host;

import dev.nacre.core.CoreException;
import java.io.Serial;

/** The service refused something, or it did not work. The message is a sentence for people. */
public final class ServiceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final ServiceError error;

    /** Makes one. */
    public ServiceException(ServiceError error, String message) {
        super(message);
        this.error = error;
    }

    /** As the other, with what made it fail. */
    public ServiceException(ServiceError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** Why. */
    public ServiceError error() {
        return error;
    }

    /**
     * Says that a core refused something.
     *
     * @param what that could not be done
     */
    public static ServiceException of(String what, CoreException cause) {
        ServiceError error = switch (cause.error()) {
            case INVALID_ARGUMENT -> ServiceError.INVALID;
            case NO_SPACE, NO_MEMORY -> ServiceError.EXHAUSTED;
            case BUSY, EXISTS, SUSPENDED -> ServiceError.BUSY;
            case NOT_SUPPORTED, VERSION -> ServiceError.UNSUPPORTED;
            case STALE, GONE, TIMED_OUT, IO, NO_FIRMWARE -> ServiceError.FAILED;
        };
        return new ServiceException(error, what + ": " + cause.getMessage(), cause);
    }
}
