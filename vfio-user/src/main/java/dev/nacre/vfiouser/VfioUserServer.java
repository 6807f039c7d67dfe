package dev.nacre.vfiouser;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.PciFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serves a PCI function over vfio-user to one client at a time, such as QEMU. A client that comes while another is there
 * is turned away; one that comes after waits until what belonged to the other is put away, and finds the function reset,
 * unless it is to be kept ({@link ReconnectPolicy}). The function is called on one thread at a time.
 *
 * <p>Whatever a client does harms at most its own device: it cannot make the server wait for it without bound, and other
 * servers of the process have threads of their own.
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

    /** A processor that is occupied for longer is not saving anybody's wake-up. */
    private static final Duration MAX_SPIN = Duration.ofSeconds(1);

    // TIMEOUT: the acceptor itself waits two seconds for a client's thread.
    private static final Duration END = Duration.ofSeconds(5);

    // TIMEOUT: QEMU introduces itself at once, and gives up by itself after 5 s; whatever is silent for longer is no
    // VMM.
    private static final Duration INTRODUCTION = Duration.ofSeconds(10);

    // TIMEOUT: longer than a debugger's or the kernel's pause of a VMM that means to go on; replies to a VMM that waits
    // for one at a time fit its socket anyway.
    private static final Duration STALL = Duration.ofSeconds(30);

    /** Where clients come from. */
    private sealed interface Endpoint {
        /**
         * At a path.
         *
         * @param path of the socket
         * @param mode permission bits of its file
         * @param owner to whom its file is to belong
         */
        record AtPath(Path path, int mode, SocketOwner owner) implements Endpoint {}

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

        /**
         * Through a socket of which only the number is known.
         *
         * @param number the descriptor
         */
        record Inherited(int number) implements Endpoint {}
    }

    private final Device device;
    private final Connection.Options options;
    private final SafeListener listener;
    private final Endpoint endpoint;
    private @Nullable Acceptor acceptor;
    private @Nullable Thread thread;
    private @Nullable FileStat bound;

    private VfioUserServer(Builder builder, Endpoint endpoint) {
        this.device = new Device(builder.name, builder.function, new ServerCounters(builder.timed));
        this.options = new Connection.Options(
                builder.writeMultiple,
                builder.messageDma,
                builder.onReconnect,
                builder.introduction,
                builder.stall,
                builder.spin);
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
     * @throws IllegalArgumentException if the socket's path is too long, or an inherited descriptor is a socket of the
     *     wrong kind
     * @throws IllegalStateException if already started
     * @throws dev.nacre.linux.NativeException if the socket cannot be made, or an inherited descriptor is not open or no
     *     socket
     */
    public synchronized void start() {
        if (acceptor != null) {
            throw new IllegalStateException("Already started: " + device.name());
        }
        Acceptor next = switch (endpoint) {
            case Endpoint.AtPath at -> acceptor(listen(at));
            case Endpoint.Listening at -> acceptor(at.fd);
            case Endpoint.Connected at -> connectedAcceptor(at.fd);
            case Endpoint.Inherited at -> inheritedAcceptor(at.number);
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

    /** What it has seen so far. Any thread. */
    public ServerStatistics statistics() {
        return device.counters().snapshot();
    }

    private Fd listen(Endpoint.AtPath at) {
        Fd fd = UnixSocket.listen(at.path, at.mode, at.owner, BACKLOG);
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
        connected.setNonBlocking(false);
        next.begin(connected);
        return next;
    }

    /** Takes a descriptor over only when it is known to be of use: a wrong number may be anything of this process. */
    private Acceptor inheritedAcceptor(int number) {
        Fd fd = Fd.adopt(number);
        return UnixSocket.isListening(fd) ? acceptor(fd) : connectedAcceptor(fd);
    }

    /** Collects what a server is to be. Exactly one endpoint must be given. */
    public static final class Builder {
        private final PciFunction function;
        private String name = "pci";
        private @Nullable Path path;
        private int mode = OWNER_ONLY;
        private @Nullable Fd listening;
        private @Nullable Fd connected;
        private @Nullable Integer inherited;
        private SocketOwner owner = new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED);
        private @Nullable ServerListener listener;
        private boolean writeMultiple;
        private boolean messageDma;
        private ReconnectPolicy onReconnect = ReconnectPolicy.RESET;
        private Duration introduction = INTRODUCTION;
        private Duration stall = STALL;
        private Duration spin = Duration.ZERO;
        private boolean timed;

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
         * Gives the file of the socket at the path to a user and a group, by default those of the process. Only root can
         * give it to another user; to a group anybody who is in it.
         *
         * @param socketOwner the owner
         * @return this
         */
        public Builder socketOwner(SocketOwner socketOwner) {
            this.owner = socketOwner;
            return this;
        }

        /**
         * Serves through a descriptor that the process inherited, as programs do that take {@code --fd}: a UNIX stream
         * socket that listens, or one whose client is connected already. Which one it is is found out by {@link VfioUserServer#start}.
         *
         * @param number the descriptor's number, owned by the server when {@code start} has returned
         * @return this
         */
        public Builder fd(int number) {
            this.inherited = number;
            return this;
        }

        /**
         * Accepts clients through a socket that listens already.
         *
         * @param fd the socket, owned by the server from {@link VfioUserServer#start} on
         * @return this
         */
        public Builder listeningFd(Fd fd) {
            this.listening = fd;
            return this;
        }

        /**
         * Serves one client that is connected already; when it goes, the server ends.
         *
         * @param fd the socket, owned by the server from {@link VfioUserServer#start} on
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
         * client. Off by default. QEMU is never asked, because it answers only while it is not itself waiting for a reply,
         * nor is a client of rust-vmm. The other devices' BARs that a client maps without a file cannot be told from
         * memory, and are asked for too.
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
         * Says what a new client finds; by default the function reset.
         *
         * @param policy the policy
         * @return this
         */
        public Builder onReconnect(ReconnectPolicy policy) {
            this.onReconnect = policy;
            return this;
        }

        /**
         * Sets how long a client that has just been accepted may be silent before it is turned out; 10 seconds by
         * default. A client that was connected already has no bound.
         *
         * @param bound a microsecond or more; {@link Duration#ZERO} for no bound
         * @return this
         */
        public Builder introductionTimeout(Duration bound) {
            this.introduction = bound;
            return this;
        }

        /**
         * Sets how long a client may leave a reply untaken, its socket being full, before it is turned out; 30 seconds by
         * default. The function is not called meanwhile, and no other client is served.
         *
         * @param bound a microsecond or more; {@link Duration#ZERO} for no bound
         * @return this
         */
        public Builder stallTimeout(Duration bound) {
            this.stall = bound;
            return this;
        }

        /**
         * Sets how long the connection's thread looks for a message before it waits for one; not at all by default. A
         * client whose next message comes within that time need not wake the thread, which takes some microseconds off
         * the message's way. The thread occupies a processor meanwhile: this pays only where it has one to itself, apart
         * from those of the client's threads, and makes everything slower where it has not.
         *
         * <p>The thread waits at once while the client has an eventfd that masks or unmasks the interrupt line, since it
         * waits for that too, and while it shares the socket with DMA by messages.
         *
         * @param bound 0 to a second
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder spin(Duration bound) {
            if (bound.isNegative() || bound.compareTo(MAX_SPIN) > 0) {
                throw new IllegalArgumentException("Spinning is not 0 to " + MAX_SPIN + " long: " + bound);
            }
            this.spin = bound;
            return this;
        }

        /**
         * Takes the time of each message, which costs reading the clock twice. Off by default.
         *
         * @param take whether to take it
         * @return this
         */
        public Builder timed(boolean take) {
            this.timed = take;
            return this;
        }

        /**
         * Makes the server; it does nothing before {@link VfioUserServer#start}.
         *
         * @throws IllegalStateException if not exactly one endpoint was given
         */
        public VfioUserServer build() {
            List<Endpoint> endpoints = new ArrayList<>();
            if (path != null) {
                endpoints.add(new Endpoint.AtPath(path, mode, owner));
            }
            if (listening != null) {
                endpoints.add(new Endpoint.Listening(listening));
            }
            if (connected != null) {
                endpoints.add(new Endpoint.Connected(connected));
            }
            if (inherited != null) {
                endpoints.add(new Endpoint.Inherited(inherited));
            }
            if (endpoints.size() != 1) {
                throw new IllegalStateException("Needs exactly one of socket path, listening, connected and inherited"
                        + " descriptor, not " + endpoints.size());
            }
            return new VfioUserServer(this, endpoints.getFirst());
        }
    }
}
