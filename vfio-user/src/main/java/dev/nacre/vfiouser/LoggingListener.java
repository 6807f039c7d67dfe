package dev.nacre.vfiouser;

import java.lang.System.Logger.Level;

/** The listener of a server to which none was given. */
final class LoggingListener implements ServerListener {
    private static final System.Logger LOG = System.getLogger(VfioUserServer.class.getName());

    private final String name;

    LoggingListener(String name) {
        this.name = name;
    }

    @Override
    public void listening() {
        LOG.log(Level.DEBUG, () -> "device=" + name + ": listening");
    }

    @Override
    public void connected(ClientInfo client) {
        LOG.log(Level.DEBUG, () -> "device=" + name + ": connected " + client);
    }

    @Override
    public void refused() {
        LOG.log(Level.DEBUG, () -> "device=" + name + ": refused a second client");
    }

    @Override
    public void reset(ResetCause cause) {
        LOG.log(Level.DEBUG, () -> "device=" + name + ": reset cause=" + cause);
    }

    @Override
    public void disconnected(ConnectionCounts counts) {
        LOG.log(Level.DEBUG, () -> "device=" + name + ": disconnected " + counts);
    }

    @Override
    public void warning(String text) {
        LOG.log(Level.WARNING, () -> "device=" + name + ": " + text);
    }
}
