package dev.nacre.vfiouser;

/**
 * Told what happens to a server. Called on the server's own threads, so it must return soon; what it throws is logged
 * and otherwise without effect. A client can cause any number of calls.
 */
public interface ServerListener {
    /** Why the function was reset. */
    enum ResetCause {
        /** A new client has come, and the server's policy is {@link ReconnectPolicy#RESET}. */
        NEW_CLIENT,
        /** The client has sent DEVICE_RESET. */
        COMMAND
    }

    /** Clients can connect from now on. */
    default void listening() {}

    /**
     * A client has connected and agreed on a version.
     *
     * @param client who it is
     */
    default void connected(ClientInfo client) {}

    /** A client has been turned away, because another one is being served. */
    default void refused() {}

    /**
     * The function has been reset by the server. A function level reset through configuration space is the function's
     * own affair and not told.
     *
     * @param cause why
     */
    default void reset(ResetCause cause) {}

    /**
     * A client has gone. Its memory is unmapped and its interrupts are unbound. Also called for one that never agreed on
     * a version.
     *
     * @param counts what the connection has seen
     */
    default void disconnected(ConnectionCounts counts) {}

    /**
     * A message took a millisecond or more, its answer included; the client's processor stood meanwhile. Only told by a server
     * that takes the time ({@link VfioUserServer.Builder#timed}).
     *
     * @param command the command, as in {@link ServerStatistics}
     * @param ns how long, in nanoseconds
     */
    default void slow(String command, long ns) {}

    /**
     * Something works less well than it could, and the user can do something about it.
     *
     * @param text one sentence for the user
     */
    default void warning(String text) {}
}
