package dev.nacre.display.rfb;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** The byte streams from and to a viewer. One thread reads while another writes. */
public interface RfbTransport extends Closeable {
    /** What the viewer says; its end is the viewer's. */
    InputStream in();

    /** What the viewer is told. */
    OutputStream out();

    /** Ends both streams, also under threads that wait in them. Any thread; more than once does nothing more. */
    @Override
    void close() throws IOException;

    /**
     * A transport of two streams.
     *
     * @param closing what ends both of them
     */
    static RfbTransport of(InputStream in, OutputStream out, Closeable closing) {
        return new RfbTransport() {
            @Override
            public InputStream in() {
                return in;
            }

            @Override
            public OutputStream out() {
                return out;
            }

            @Override
            public void close() throws IOException {
                closing.close();
            }
        };
    }
}
