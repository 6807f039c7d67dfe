package dev.nacre.display.rfb;

import java.io.IOException;

/** A viewer said something that the protocol does not know, or more than it may. It ends the session. */
final class RfbProtocolException extends IOException {
    private static final long serialVersionUID = 1;

    RfbProtocolException(String message) {
        super(message);
    }
}
