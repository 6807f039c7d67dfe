package dev.nacre.drm.server;

import dev.nacre.core.CoreException;
import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.DrmNode;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixPackets;
import dev.nacre.linux.UnixSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves DRM devices to programs of this host that run under the preload shim. Whoever may connect to the socket may use
 * the devices, as whoever may open {@code /dev/dri} elsewhere. Any thread may call.
 */
public final class DrmServer implements AutoCloseable {
    private static final int BACKLOG = 128;
    private static final int MOST_CONNECTIONS = 4096;
    private static final int MOST_FILES = 4096;

    /** So that one process cannot keep the others out. */
    private static final int MOST_CONNECTIONS_OF_PROCESS = 1024;

    private static final int MOST_FILES_OF_PROCESS = 1024;

    private static final int MOST_DEVICES = 64;
    private static final System.Logger LOG = System.getLogger(DrmServer.class.getName());

    private final Path path;
    private final Fd listening;
    private final FileStat bound;
    private final Watcher watcher;
    private final SecureRandom random = new SecureRandom();
    private final ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor();

    // Guarded by this.
    private final Map<Integer, DrmDevice> devices = new HashMap<>();
    private final Map<Token, OpenFile> files = new HashMap<>();
    private final Set<Connection> connections = new HashSet<>();
    private boolean closed;

    private DrmServer(Path path, Fd listening) {
        this.path = path;
        this.listening = listening;
        this.bound = FileStat.of(path).orElseThrow();
        this.watcher = new Watcher(listening, this::accept, this::sweep);
    }

    /**
     * Starts one without devices.
     *
     * @param path of its socket, which the shim finds in {@code NACRE_DRM_SOCKET}; at most
     *     {@link UnixSocket#MAX_PATH_BYTES} long
     * @param mode permission bits of the socket's file, such as {@code 0660}
     * @param owner to whom the file is to belong
     * @throws NativeException if the socket cannot be made
     */
    public static DrmServer start(Path path, int mode, SocketOwner owner) {
        DrmServer server = new DrmServer(path, UnixSocket.listen(path, mode, owner, BACKLOG));
        server.watcher.start();
        return server;
    }

    /**
     * Serves a device.
     *
     * @param index of its nodes: {@code card<index>}, {@code renderD<128 + index>}; 0 to 63
     * @param device stays the caller's, who removes it before closing it
     * @throws IllegalArgumentException if there is a device with the index
     */
    public synchronized void add(int index, DrmDevice device) {
        if (index < 0 || index >= MOST_DEVICES || devices.putIfAbsent(index, device) != null) {
            throw new IllegalArgumentException("Index is impossible, or taken: index=" + index);
        }
    }

    /** Serves a device no longer: its files close, their clients see it, and when this returns, no call of one runs. */
    public void remove(int index) {
        DrmDevice device;
        List<OpenFile> left = new ArrayList<>();
        synchronized (this) {
            device = devices.remove(index);
            if (device == null) {
                return;
            }
            for (OpenFile open : files.values()) {
                DrmFile file = open.file();
                if (file != null && device.equals(file.device())) {
                    left.add(open);
                }
            }
        }
        left.forEach(this::closeNow);
    }

    /** The device with an index. */
    public synchronized Optional<DrmDevice> device(int index) {
        return Optional.ofNullable(devices.get(index));
    }

    /** The devices that are served. */
    synchronized List<DrmDevice> devices() {
        return List.copyOf(devices.values());
    }

    /** How many connections clients have. */
    public synchronized int connectionCount() {
        return connections.size();
    }

    /** How many files are open. */
    public synchronized int fileCount() {
        return files.size();
    }

    /** Ends all connections, closes all files, and removes the socket. The devices stay. Idempotent. */
    @Override
    public void close() {
        List<Connection> going;
        List<OpenFile> left;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            going = List.copyOf(connections);
            left = List.copyOf(files.values());
        }
        UnixSocket.remove(path, bound);
        going.forEach(Connection::hangUp);
        left.forEach(this::closeNow);
        synchronized (this) {
            boolean interrupted = false;
            while (!connections.isEmpty() || !files.isEmpty()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        watcher.close();
        closers.close();
        listening.close();
    }

    /**
     * Opens a node for a client.
     *
     * @return the socket that the client gets for it, the caller's
     * @throws DrmException with ENODEV if there is no such node; with EMFILE or ENFILE if too many are open
     */
    Fd open(Credentials client, int minor) {
        DrmNode node = minor >= DrmNode.RENDER.firstMinor() ? DrmNode.RENDER : DrmNode.PRIMARY;
        DrmDevice device = device(minor - node.firstMinor())
                .orElseThrow(() -> new DrmException(Errno.ENODEV, "No such node: minor=" + minor));
        Token token = Token.random(random);
        UnixSocket.Pair sockets = sockets(token.socketName(minor));
        OpenFile open = new OpenFile(token, sockets.first());
        try {
            register(client, open);
            open.setFile(device.open(node, client, open));
            requireServed(minor - node.firstMinor(), device);
        } catch (DrmException e) {
            sockets.second().close();
            forget(open);
            throw e;
        }
        // Watched only now: whoever is closed has been opened.
        watcher.add(open, open.socket(), () -> closers.execute(() -> closeNow(open)));
        return sockets.second();
    }

    /** Whoever takes the device away while a file of it is opened does not see the file. */
    private synchronized void requireServed(int index, DrmDevice device) {
        if (closed || !device.equals(devices.get(index))) {
            throw new DrmException(Errno.ENODEV, "The device has gone");
        }
    }

    private static UnixSocket.Pair sockets(String name) {
        try {
            return UnixPackets.pair(name);
        } catch (NativeException e) {
            throw new DrmException(Errno.of(e.errno()).orElse(Errno.ENFILE), String.valueOf(e.getMessage()));
        }
    }

    private synchronized void register(Credentials client, OpenFile open) {
        if (closed) {
            throw new DrmException(Errno.ENODEV, "The server ends");
        }
        if (files.size() >= MOST_FILES) {
            throw new DrmException(Errno.ENFILE, "Too many files are open: most=" + MOST_FILES);
        }
        long own = files.values().stream()
                .map(OpenFile::file)
                .filter(file -> file != null && file.opener().pid() == client.pid())
                .count();
        if (own >= MOST_FILES_OF_PROCESS) {
            throw new DrmException(Errno.EMFILE, "Too many files of one process are open: pid=" + client.pid());
        }
        files.put(open.token(), open);
    }

    /**
     * The file with a token.
     *
     * @throws DrmException with ENODEV if it has closed; with EACCES if another user opened it
     */
    DrmFile find(Credentials client, Token token) {
        OpenFile open;
        synchronized (this) {
            open = files.get(token);
        }
        DrmFile file = open == null ? null : open.file();
        if (file == null) {
            throw new DrmException(Errno.ENODEV, "No such file");
        }
        // GUEST: any process can list the names of sockets, and so the tokens of other users' files.
        if (file.opener().uid() != client.uid() && !client.isRoot()) {
            throw new DrmException(Errno.EACCES, "The file is another user's");
        }
        return file;
    }

    /** A connection's thread is about to end. */
    void ended(Connection connection) {
        watcher.remove(connection, () -> {
            connection.close();
            forget(connection);
        });
    }

    private synchronized void forget(Connection connection) {
        connections.remove(connection);
        notifyAll();
    }

    private void closeNow(OpenFile open) {
        DrmFile file = open.file();
        if (file != null) {
            file.close();
            watcher.remove(open, () -> forget(open));
        }
    }

    private void forget(OpenFile open) {
        open.close();
        synchronized (this) {
            files.remove(open.token());
            notifyAll();
        }
    }

    private void accept() {
        Optional<Fd> accepted = UnixSocket.accept(listening);
        if (accepted.isEmpty()) {
            return;
        }
        Fd connected = accepted.get();
        try {
            UnixSocket.Peer peer = UnixSocket.peer(connected);
            Credentials client = new Credentials(peer.pid(), peer.uid(), peer.gid());
            if (!mayConnect(client)) {
                LOG.log(System.Logger.Level.WARNING, "Too many connections of DRM clients: pid={0}", client.pid());
                connected.close();
                return;
            }
            Connection connection = new Connection(this, connected, client);
            synchronized (this) {
                connections.add(connection);
            }
            watcher.add(connection, connection.fd(), connection::hangUp);
            connection.start();
        } catch (NativeException e) {
            connected.close();
            throw e;
        }
    }

    private synchronized boolean mayConnect(Credentials client) {
        return !closed
                && connections.size() < MOST_CONNECTIONS
                && connections.stream()
                                .filter(one -> one.client().pid() == client.pid())
                                .count()
                        < MOST_CONNECTIONS_OF_PROCESS;
    }

    private void sweep() {
        for (DrmDevice device : devices()) {
            try {
                device.sweep();
            } catch (CoreException e) {
                LOG.log(System.Logger.Level.WARNING, "Memory of a DRM client could not be freed", e);
            }
        }
    }
}
