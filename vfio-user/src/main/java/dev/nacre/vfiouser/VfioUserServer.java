package dev.nacre.vfiouser;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.PciFunction;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Serves a PCI function over vfio-user to one client at a time, such as QEMU. A client that comes while another is there
 * is turned away; one that comes after finds the function reset. The function is called on one thread at a time.
 *
 * <pre>{@code
 * try (VfioUserServer server = VfioUserServer.builder(function).socketPath(path).build()) {
 *     server.start();
 *     server.awaitEnd(Duration.ofDays(1));
 * }
 * }</pre>
 */
public final class VfioUserServer implements AutoCloseable {
    private static final int BACKLOG = 8;
    private static final int OWNER_ONLY = 0600;

    // TIMEOUT: the acceptor itself waits two seconds for a client's thread.
    private static final Duration END = Duration.ofSeconds(5);

    /** Where clients come from. */
    private sealed interface Endpoint {
        /**
         * At a path.
         *
         * @param path of the socket
         * @param mode permission bits of its file
         */
        record AtPath(Path path, int mode) implements Endpoint {}

        /**
         * Through a socket that listens already.
         *
         * @param fd the socket
         */
        record Listening(Fd fd) implements Endpoint {}

        /**
         * The client is there already.
         *
         * @param fd the socket
         */
        record Connected(Fd fd) implements Endpoint {}
    }

    private final Device device;
    private final Connection.Options options;
    private final SafeListener listener;
    private final Endpoint endpoint;
    private @Nullable Acceptor acceptor;
    private @Nullable Thread thread;
    private @Nullable FileStat bound;

    private VfioUserServer(Builder builder, Endpoint endpoint) {
        this.device = new Device(builder.name, builder.function, new Regions(builder.function));
        this.options = new Connection.Options(builder.writeMultiple, builder.resetOnConnect, builder.messageDma);
        this.listener =
                new SafeListener(builder.listener == null ? new LoggingListener(builder.name) : builder.listener);
        this.endpoint = endpoint;
    }

    /**
     * Begins a server.
     *
     * @param function what to serve; it must not be served or driven by anything else meanwhile
     */
    public static Builder builder(PciFunction function) {
        return new Builder(function);
    }

    /**
     * Listens, and returns when clients can connect.
     *
     * @throws IllegalArgumentException if the socket's path is too long
     * @throws IllegalStateException if already started
     * @throws dev.nacre.linux.NativeException if the socket cannot be made
     */
    public synchronized void start() {
        if (acceptor != null) {
            throw new IllegalStateException("Already started: " + device.name());
        }
        Acceptor next = switch (endpoint) {
            case Endpoint.AtPath at -> acceptor(listen(at));
            case Endpoint.Listening at -> acceptor(at.fd);
            case Endpoint.Connected at -> connectedAcceptor(at.fd);
        };
        acceptor = next;
        thread = Thread.ofPlatform().name("vfio-user-accept-" + device.name()).start(next);
    }

    /**
     * Waits until the server has ended: it was closed, or it was given a connected client, which has gone.
     *
     * @param patience longest wait
     * @return whether it has ended
     * @throws InterruptedException if the thread is interrupted
     */
    public boolean awaitEnd(Duration patience) throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        return running == null || running.join(patience);
    }

    /**
     * Ends the client's connection, stops listening and removes the socket's file. When this returns, the function is no
     * longer called, unless it has been stuck in a call for seconds. From a {@link ServerListener} it only begins all
     * this.
     */
    @Override
    public synchronized void close() {
        Acceptor running = acceptor;
        Thread accepting = thread;
        if (running == null || accepting == null) {
            return;
        }
        running.stop();
        if (endpoint instanceof Endpoint.AtPath at && bound != null) {
            UnixSocket.remove(at.path, bound);
            bound = null;
        }
        if (!running.isOwnThread(accepting)) {
            try {
                accepting.join(END);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Fd listen(Endpoint.AtPath at) {
        Fd fd = UnixSocket.listen(at.path, at.mode, BACKLOG);
        bound = FileStat.of(at.path).orElse(null);
        return fd;
    }

    private Acceptor acceptor(Fd listening) {
        try {
            listening.setNonBlocking(true);
            return new Acceptor(device, options, listener, listening);
        } catch (RuntimeException e) {
            listening.close();
            throw e;
        }
    }

    private Acceptor connectedAcceptor(Fd connected) {
        Acceptor next = new Acceptor(device, options, listener, null);
        next.begin(connected);
        return next;
    }

    /** Collects what a server is to be. One of the three endpoints must be given. */
    public static final class Builder {
        private final PciFunction function;
        private String name = "pci";
        private @Nullable Path path;
        private int mode = OWNER_ONLY;
        private @Nullable Fd listening;
        private @Nullable Fd connected;
        private @Nullable ServerListener listener;
        private boolean writeMultiple;
        private boolean resetOnConnect = true;
        private boolean messageDma;

        private Builder(PciFunction function) {
            this.function = function;
        }

        /**
         * Listens at a path. A socket that nobody listens on any more is replaced, anything else there is an error.
         *
         * @param socketPath at most {@link UnixSocket#MAX_PATH_BYTES} long
         * @return this
         */
        public Builder socketPath(Path socketPath) {
            this.path = socketPath;
            return this;
        }

        /**
         * Sets who may connect at the path, by the permission bits of its file; by default the owner only.
         *
         * @param permissions such as {@code 0660}
         * @return this
         */
        public Builder socketMode(int permissions) {
            this.mode = permissions;
            return this;
        }

        /**
         * Accepts clients through a socket that listens already.
         *
         * @param fd the socket, owned by the server from {@link #start} on
         * @return this
         */
        public Builder listeningFd(Fd fd) {
            this.listening = fd;
            return this;
        }

        /**
         * Serves one client that is connected already; when it goes, the server ends.
         *
         * @param fd the socket, owned by the server from {@link #start} on
         * @return this
         */
        public Builder connectedFd(Fd fd) {
            this.connected = fd;
            return this;
        }

        /**
         * Sets who is told what happens; by default it is logged.
         *
         * @param serverListener the listener
         * @return this
         */
        public Builder listener(ServerListener serverListener) {
            this.listener = serverListener;
            return this;
        }

        /**
         * Names the device in logs and threads.
         *
         * @param deviceName the name
         * @return this
         */
        public Builder name(String deviceName) {
            this.name = deviceName;
            return this;
        }

        /**
         * Offers REGION_WRITE_MULTI to clients that know it. Off by default: it makes QEMU 11 send everything through
         * its I/O thread, which costs more than it saves.
         *
         * @param offer whether to offer it
         * @return this
         */
        public Builder writeMultiple(boolean offer) {
            this.writeMultiple = offer;
            return this;
        }

        /**
         * Lets the function reach memory that a client maps without a file, by DMA_READ and DMA_WRITE messages to that
         * client. Off by default, and nothing for QEMU: it answers such a message only when it is not itself waiting for
         * a reply, so a transfer that a register access waits for costs the connection. A client of rust-vmm is never
         * asked. The other devices' BARs that a client maps without a file cannot be told from memory, and are asked for
         * too.
         *
         * <p>A transfer that is not answered within two seconds faults and ends the connection. If the client offers a
         * second socket ({@code twin_socket}), messages go there; otherwise they share the first one with the client's
         * commands, each of which then passes through one thread more.
         *
         * @param ask whether to ask clients
         * @return this
         */
        public Builder messageDma(boolean ask) {
            this.messageDma = ask;
            return this;
        }

        /**
         * Says whether a new client finds the function reset, as after power-on, which is the default, or as the one
         * before left it.
         *
         * @param reset whether to reset
         * @return this
         */
        public Builder resetOnConnect(boolean reset) {
            this.resetOnConnect = reset;
            return this;
        }

        /**
         * Makes the server; it does nothing before {@link VfioUserServer#start}.
         *
         * @throws IllegalStateException if not exactly one endpoint was given
         */
        public VfioUserServer build() {
            if (path != null && listening == null && connected == null) {
                return new VfioUserServer(this, new Endpoint.AtPath(path, mode));
            }
            if (path == null && listening != null && connected == null) {
                return new VfioUserServer(this, new Endpoint.Listening(listening));
            }
            if (path == null && listening == null && connected != null) {
                return new VfioUserServer(this, new Endpoint.Connected(connected));
            }
            throw new IllegalStateException("Needs exactly one of socket path, listening and connected descriptor");
        }
    }
}
