package dev.nacre.guesttests;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A TCP port on this machine that leads to a UNIX socket, for viewers that know TCP alone. */
final class Forwarder implements AutoCloseable {
    private final Path path;
    private final ServerSocket listening;

    Forwarder(Path path) throws IOException {
        this.path = path;
        this.listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try (Socket viewer = listening.accept();
                    SocketChannel server = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                Thread there = copy(viewer.getInputStream(), Channels.newOutputStream(server));
                Thread back = copy(Channels.newInputStream(server), viewer.getOutputStream());
                there.join();
                server.close();
                back.join();
            } catch (IOException | InterruptedException closed) {
                // The viewer or the port has gone; the loop looks which.
            }
        }
    }

    private static Thread copy(InputStream from, OutputStream to) {
        return Thread.ofVirtual().start(() -> {
            try {
                from.transferTo(to);
            } catch (IOException closed) {
                // One side has gone, and the other follows.
            }
        });
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
