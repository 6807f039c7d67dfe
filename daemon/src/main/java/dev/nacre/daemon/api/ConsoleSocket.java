package dev.nacre.daemon.api;

import dev.nacre.display.rfb.RfbTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;

/**
 * A viewer behind a WebSocket: the payload of its binary frames is one stream of bytes, whatever their sizes. No more than
 * one frame is kept of what it says; the next is taken from the line when that one has been read.
 */
final class ConsoleSocket implements FrameHandler, RfbTransport {
    private static final int MAX_FRAME_BYTES = 64 << 10;
    private static final int MAX_WRITE_BYTES = 32 << 10;

    // TIMEOUT: a viewer of a picture that rests says nothing; after this it is asked whether it is there.
    private static final Duration IDLE = Duration.ofSeconds(20);

    // TIMEOUT: one write of at most 32 KiB, over the slowest line worth having.
    private static final int WRITE_SECONDS = 30;

    private final Consumer<RfbTransport> server;
    private final Runnable ended;
    private final In in = new In();
    private final Out out = new Out();
    private volatile @Nullable CoreSession session;
    private volatile boolean asked;

    /**
     * Makes it.
     *
     * @param server serves the viewer, on a thread of its own; blocks
     * @param ended is told once when the connection has ended
     */
    ConsoleSocket(Consumer<RfbTransport> server, Runnable ended) {
        this.server = server;
        this.ended = ended;
    }

    /** Sets what a viewer's connection may take. */
    static void limit(Configuration configuration) {
        configuration.setMaxFrameSize(MAX_FRAME_BYTES);
        configuration.setAutoFragment(false);
        configuration.setIdleTimeout(IDLE);
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        opened.addIdleTimeoutListener(timeout -> isGone(opened));
        Thread.ofPlatform().daemon().name("nacre-api-console").start(() -> server.accept(this));
        callback.succeeded();
        opened.demand();
    }

    /** Whether the viewer has not answered the question that was put to it after it was silent. */
    private boolean isGone(CoreSession silent) {
        if (asked) {
            return true;
        }
        asked = true;
        silent.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
        return false;
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        asked = false;
        CoreSession open = Objects.requireNonNull(session);
        switch (frame.getOpCode()) {
            case OpCode.BINARY, OpCode.CONTINUATION -> {
                byte[] bytes = new byte[frame.getPayloadLength()];
                if (bytes.length > 0) {
                    frame.getPayload().get(bytes);
                    in.offer(bytes);
                }
                callback.succeeded();
                if (bytes.length == 0) {
                    open.demand();
                }
            }
            case OpCode.PING ->
                open.sendFrame(
                        new Frame(OpCode.PONG, true, frame.getPayload()), Callback.from(open::demand, callback), false);
            case OpCode.PONG -> {
                callback.succeeded();
                open.demand();
            }
            case OpCode.CLOSE -> callback.succeeded();
            default -> {
                callback.succeeded();
                open.close(CloseStatus.BAD_DATA, "A console is binary", Callback.NOOP);
            }
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        in.end();
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        in.end();
        ended.run();
        callback.succeeded();
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void close() {
        in.end();
        CoreSession open = session;
        if (open == null) {
            return;
        }
        if (out.writing) {
            open.abort();
        } else {
            open.close(CloseStatus.NORMAL, null, Callback.NOOP);
        }
    }

    /** What the viewer says. */
    private final class In extends InputStream {
        // Guarded by this.
        private byte[] frame = new byte[0];
        private int read;
        private boolean over;

        synchronized void offer(byte[] bytes) {
            frame = bytes;
            read = 0;
            notifyAll();
        }

        synchronized void end() {
            over = true;
            notifyAll();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            int taken = take(target, offset, length);
            if (taken < 0) {
                return -1;
            }
            if (available() == 0) {
                Objects.requireNonNull(session).demand();
            }
            return taken;
        }

        private synchronized int take(byte[] target, int offset, int length) throws IOException {
            while (read == frame.length && !over) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("Interrupted while the viewer is silent");
                }
            }
            if (over) {
                return -1;
            }
            int taken = Math.min(length, frame.length - read);
            System.arraycopy(frame, read, target, offset, taken);
            read += taken;
            return taken;
        }

        @Override
        public synchronized int available() {
            return over ? 0 : frame.length - read;
        }
    }

    /** What the viewer is told. */
    private final class Out extends OutputStream {
        private volatile boolean writing;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            for (int done = 0; done < length; done += MAX_WRITE_BYTES) {
                send(ByteBuffer.wrap(bytes, offset + done, Math.min(MAX_WRITE_BYTES, length - done)));
            }
        }

        private void send(ByteBuffer payload) throws IOException {
            CoreSession open = session;
            if (open == null || !open.isOutputOpen()) {
                throw new IOException("The viewer has gone");
            }
            CompletableFuture<Boolean> sent = new CompletableFuture<>();
            writing = true;
            try {
                // The bytes are the caller's again when this returns, so it waits until they are gone.
                open.sendFrame(
                        new Frame(OpCode.BINARY, true, payload),
                        Callback.from(() -> sent.complete(true), sent::completeExceptionally),
                        false);
                sent.get(WRITE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                open.abort();
                throw new IOException("The viewer takes nothing", e);
            } catch (InterruptedException e) {
                open.abort();
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("Interrupted while the viewer takes nothing");
            } finally {
                writing = false;
            }
        }
    }
}
