package dev.nacre.drm.server;

import dev.nacre.drm.DrmFile;
import dev.nacre.drm.EventSink;
import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixPackets;
import org.jspecify.annotations.Nullable;

/** A file that a client has open, and the server's end of the socket that the client has for it. Any thread may call. */
final class OpenFile implements EventSink {
    private final Token token;
    private final Fd socket;

    /** Guarded by this for sending and closing. */
    private boolean closed;

    private volatile @Nullable DrmFile file;

    OpenFile(Token token, Fd socket) {
        this.token = token;
        this.socket = socket;
    }

    Token token() {
        return token;
    }

    Fd socket() {
        return socket;
    }

    /** The file; null while it is being opened. */
    @Nullable
    DrmFile file() {
        return file;
    }

    void setFile(DrmFile opened) {
        file = opened;
    }

    @Override
    public synchronized boolean send(byte[] events) {
        return !closed && UnixPackets.send(socket, events);
    }

    /** Closes the file, then the socket: its client sees a hang-up. Waits for calls on it to end. */
    void close() {
        DrmFile opened = file;
        if (opened != null) {
            opened.close();
        }
        synchronized (this) {
            closed = true;
            socket.close();
        }
    }
}
