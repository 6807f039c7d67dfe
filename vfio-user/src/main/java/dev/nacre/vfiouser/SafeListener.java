package dev.nacre.vfiouser;

import dev.nacre.vfiouser.ServerListener.ResetCause;
import java.lang.System.Logger.Level;

/** Calls a listener, and survives it, whatever it throws. */
final class SafeListener {
    private static final System.Logger LOG = System.getLogger(SafeListener.class.getName());

    private final ServerListener listener;

    SafeListener(ServerListener listener) {
        this.listener = listener;
    }

    void listening() {
        call(listener::listening);
    }

    void connected(ClientInfo client) {
        call(() -> listener.connected(client));
    }

    void refused() {
        call(listener::refused);
    }

    void reset(ResetCause cause) {
        call(() -> listener.reset(cause));
    }

    void disconnected(ConnectionCounts counts) {
        call(() -> listener.disconnected(counts));
    }

    void slow(String command, long ns) {
        call(() -> listener.slow(command, ns));
    }

    void warning(String text) {
        call(() -> listener.warning(text));
    }

    private static void call(Runnable event) {
        try {
            event.run();
        } catch (Throwable t) {
            LOG.log(Level.ERROR, "A server's listener failed.", t);
        }
    }
}
