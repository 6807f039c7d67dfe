package dev.nacre.vfiouser;

/**
 * Told what happens to a server. Called on the server's own threads, so it must return soon; what it throws is logged
 * and otherwise without effect.
 */
public interface ServerListener {
    /**
     * A client has connected and agreed on a version.
     *
     * @param client who it is
     */
    default void connected(ClientInfo client) {}

    /**
     * A client has gone. Its memory is unmapped and its interrupts are unbound. Also called for one that never agreed on
     * a version.
     *
     * @param counts what the connection has seen
     */
    default void disconnected(ConnectionCounts counts) {}

    /**
     * Something works less well than it could, and the user can do something about it.
     *
     * @param text one sentence for the user
     */
    default void warning(String text) {}
}
