package dev.nacre.drm.server;

/** A client has sent what the protocol does not know. Ends its connection. */
final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
        super(message, null, false, false);
    }
}
