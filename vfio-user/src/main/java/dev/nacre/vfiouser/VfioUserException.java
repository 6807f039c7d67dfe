package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;

/** A server refused a command, or broke the connection or the protocol. */
public final class VfioUserException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    VfioUserException(String command, int errno, String reason) {
        super(command + " failed: " + Errno.nameOf(errno) + " (" + reason + ")");
        this.errno = errno;
    }

    /** The server's error number; {@link Errno#ECONNRESET} if it has gone, {@link Errno#EPROTO} for a reply amiss. */
    public int errno() {
        return errno;
    }
}
