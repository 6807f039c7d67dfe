package dev.nacre.drm;

/** Where a file's events go. Any thread may call. */
@FunctionalInterface
public interface EventSink {
    /**
     * Hands events to the client, without waiting.
     *
     * @param events one or more, whole
     * @return false if there is no room, or the client has gone
     */
    boolean send(byte[] events);
}
