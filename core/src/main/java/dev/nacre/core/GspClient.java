package dev.nacre.core;

/** A client of the GPU's firmware, with a device and a subdevice under it. */
public interface GspClient extends AutoCloseable {
    /** Its handle. */
    int handle();

    /**
     * Sends a control to the subdevice, and waits for what it gives back. Needs {@link Capability#RM_PASS_THROUGH}.
     *
     * @param command its number
     * @param parameters what goes in; some 1 MiB at most
     * @return as many bytes, as the firmware left them
     * @throws CoreException with {@link CoreError#IO} if the firmware refuses, with its status in the message
     */
    byte[] read(int command, byte[] parameters);

    /**
     * Sends a control to the subdevice, of which nothing comes back. Needs {@link Capability#RM_PASS_THROUGH}.
     *
     * @param command its number
     * @param parameters what goes in; some 1 MiB at most
     * @throws CoreException with {@link CoreError#IO} if the firmware refuses, with its status in the message
     */
    void write(int command, byte[] parameters);

    /** Frees it and what is under it. Idempotent. */
    @Override
    void close();
}
