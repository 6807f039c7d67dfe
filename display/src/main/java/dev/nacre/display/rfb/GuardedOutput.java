package dev.nacre.display.rfb;

import java.io.IOException;
import java.io.OutputStream;

/** Writes in pieces, counts them, and says since when a piece is not taken. One thread writes, another asks. */
final class GuardedOutput extends OutputStream {
    private static final int PIECE_BYTES = 1 << 16;
    private static final long NOT_WRITING = 0;

    private final OutputStream out;
    private volatile long sinceNs = NOT_WRITING;
    private long bytes;

    GuardedOutput(OutputStream out) {
        this.out = out;
    }

    /** For how long the piece that is being written has not been taken. Any thread. */
    long stalledNs() {
        long since = sinceNs;
        return since == NOT_WRITING ? 0 : System.nanoTime() - since;
    }

    /** How many bytes were written. The writing thread. */
    long bytes() {
        return bytes;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int piece = Math.min(PIECE_BYTES, length - done);
            sinceNs = System.nanoTime() | 1;
            try {
                out.write(from, offset + done, piece);
            } finally {
                sinceNs = NOT_WRITING;
            }
            done += piece;
            bytes += piece;
        }
    }

    @Override
    public void flush() throws IOException {
        sinceNs = System.nanoTime() | 1;
        try {
            out.flush();
        } finally {
            sinceNs = NOT_WRITING;
        }
    }
}
