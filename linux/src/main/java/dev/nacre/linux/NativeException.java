package dev.nacre.linux;

/**
 * A system call failed. The message reads {@code mmap failed: ENOMEM (length=4096, fd=7)}.
 */
public final class NativeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * Makes an exception.
     *
     * @param call name of the system call
     * @param errno its error number
     * @param arguments the arguments that matter, as {@code name=value} joined by commas; may be empty
     */
    public NativeException(String call, int errno, String arguments) {
        super(call + " failed: " + Errno.nameOf(errno) + (arguments.isEmpty() ? "" : " (" + arguments + ")"));
        this.call = call;
        this.errno = errno;
    }

    /** Name of the system call. */
    public String call() {
        return call;
    }

    /** The error number. */
    public int errno() {
        return errno;
    }

    /**
     * Whether the call failed with this error.
     *
     * @param candidate error to compare with
     */
    public boolean is(Errno candidate) {
        return errno == candidate.number();
    }
}
