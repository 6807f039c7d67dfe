package dev.nacre.vfiouser;

import java.lang.System.Logger.Level;

/** Calls a listener, and survives it. */
final class SafeListener {
    private static final System.Logger LOG = System.getLogger(SafeListener.class.getName());

    private final ServerListener listener;

    SafeListener(ServerListener listener) {
        this.listener = listener;
    }

    void connected(ClientInfo client) {
        call(() -> listener.connected(client));
    }

    void disconnected(ConnectionCounts counts) {
        call(() -> listener.disconnected(counts));
    }

    void warning(String text) {
        call(() -> listener.warning(text));
    }

    private static void call(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A server's listener failed.", e);
        }
    }
}
