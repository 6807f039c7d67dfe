package dev.nacre.display.rfb;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Listens for viewers of a screen. Whoever reaches the address may look: a TCP port is of the loopback interface unless
 * an address says otherwise, and a UNIX socket is guarded by the folder it is in.
 */
public final class RfbServer implements Closeable {
    private static final System.Logger LOG = System.getLogger(RfbServer.class.getName());

    private static final long PAUSE_NS = 1_000_000_000;

    private final RfbScreen screen;
    private final ServerSocketChannel listening;
    private final SocketAddress address;
    private final Thread accepting;

    /**
     * Listens, and serves in threads of its own.
     *
     * @param screen what is shown; stays its owner's
     * @param wanted where: a {@link UnixDomainSocketAddress}, whose path must be free, or an {@link InetSocketAddress},
     *     whose port may be 0 for any
     * @throws UncheckedIOException if that cannot be
     */
    public RfbServer(RfbScreen screen, SocketAddress wanted) {
        this.screen = screen;
        try {
            listening = wanted instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            try {
                listening.bind(wanted);
                address = listening.getLocalAddress();
            } catch (IOException e) {
                listening.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen for viewers at " + wanted + ": " + e.getMessage(), e);
        }
        accepting = Thread.ofVirtual().name("rfb-accept-" + address).start(this::accept);
    }

    /**
     * Listens at a TCP port for viewers on this machine.
     *
     * @param screen what is shown; stays its owner's
     * @param port the port; 0 for any
     * @throws UncheckedIOException if that cannot be
     */
    public static RfbServer onLoopback(RfbScreen screen, int port) {
        return new RfbServer(screen, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    /** Where it listens. */
    public SocketAddress address() {
        return address;
    }

    private void accept() {
        while (listening.isOpen()) {
            try {
                SocketChannel viewer = listening.accept();
                Thread.ofVirtual().name("rfb-read-" + address).start(() -> serve(viewer));
            } catch (IOException e) {
                if (listening.isOpen()) {
                    LOG.log(Level.WARNING, "A viewer at " + address + " cannot be taken: " + e.getMessage());
                    // TIMEOUT: the process is short of descriptors; in a second some may be free.
                    LockSupport.parkNanos(PAUSE_NS);
                }
            }
        }
    }

    private void serve(SocketChannel viewer) {
        try (viewer) {
            if (address instanceof InetSocketAddress) {
                viewer.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            screen.serve(RfbTransport.of(Channels.newInputStream(viewer), Channels.newOutputStream(viewer), viewer));
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A viewer has gone before it was served", e);
        }
    }

    /** Stops listening; viewers that are there stay until the screen is closed. Removes a UNIX socket's path. */
    @Override
    public void close() {
        try {
            listening.close();
            accepting.join();
            if (address instanceof UnixDomainSocketAddress unix) {
                Path path = unix.getPath();
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Cannot stop listening at " + address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
