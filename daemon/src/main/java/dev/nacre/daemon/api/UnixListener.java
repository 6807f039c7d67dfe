package dev.nacre.daemon.api;

import dev.nacre.linux.SocketOwner;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * The UNIX socket. It is made in a folder that nobody else can enter, gets its mode and owner there, and only then its place,
 * so that it is never open to more than it should be.
 */
final class UnixListener {
    /** Connections that may wait to be accepted; a client beyond it would be turned away, not made to wait. */
    private static final int ACCEPT_QUEUE = 1024;

    // HW: stat(2): the kind of a file in its mode
    private static final int FORMAT = 0170000;
    private static final int SOCKET = 0140000;

    private final ApiOptions.Unix options;
    private final UnixDomainServerConnector connector;
    private final Path folder;

    /**
     * Makes it; nobody can reach it yet.
     *
     * @throws ApiException if its place is taken, or its folder cannot be used
     */
    UnixListener(Server server, HttpConnectionFactory http, ApiOptions.Unix options) {
        this.options = options;
        requireFree(options.path());
        try {
            this.folder = Files.createTempDirectory(
                    options.path().toAbsolutePath().getParent(),
                    ".api-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw failed(e);
        }
        this.connector = new UnixDomainServerConnector(server, 1, 1, http);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setUnixDomainPath(folder.resolve("s"));
    }

    UnixDomainServerConnector connector() {
        return connector;
    }

    /**
     * Puts the socket where it belongs, once the connector listens.
     *
     * @throws ApiException if that is not permitted
     */
    void publish() {
        Path made = connector.getUnixDomainPath();
        try {
            SocketOwner owner = options.owner();
            if (owner.uid() != SocketOwner.UNCHANGED) {
                Files.setAttribute(made, "unix:uid", owner.uid(), LinkOption.NOFOLLOW_LINKS);
            }
            if (owner.gid() != SocketOwner.UNCHANGED) {
                Files.setAttribute(made, "unix:gid", owner.gid(), LinkOption.NOFOLLOW_LINKS);
            }
            Files.setAttribute(made, "unix:mode", options.mode());
            Files.move(made, options.path(), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(folder);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Removes what it made. */
    void remove() {
        try {
            Files.deleteIfExists(options.path());
            Files.deleteIfExists(folder.resolve("s"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static void requireFree(Path path) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if ((modeOf(path) & FORMAT) != SOCKET) {
                throw new ApiException("socket cannot be made: something else is at " + path);
            }
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            // Nobody listens: it is replaced.
            return;
        }
        throw new ApiException("socket cannot be made: somebody listens at " + path);
    }

    private static int modeOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    }

    private ApiException failed(IOException e) {
        return new ApiException("socket cannot be made: " + options.path() + ": " + e, e);
    }
}
