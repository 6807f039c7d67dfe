package dev.nacre.daemon.api;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * The TCP listener: TLS 1.3 or 1.2, and the guard that asks for the token. Its files are read again when they change; those
 * that will not do are told in the log, and what was read before holds on.
 */
final class TcpListener {
    private static final System.Logger LOG = System.getLogger(TcpListener.class.getName());

    /** How often the files are looked at, in seconds. */
    private static final int CHECK_SECONDS = 5;

    private final ApiOptions.Tcp options;
    private final SslContextFactory.Server tls = new SslContextFactory.Server();
    private final ServerConnector connector;
    private List<String> read;
    private volatile Guard guard;

    /**
     * Reads its files.
     *
     * @throws ApiException if one of them will not do
     */
    TcpListener(Server server, HttpConnectionFactory http, ApiOptions.Tcp options) {
        this.options = options;
        this.read = stamps();
        PemFiles files = PemFiles.read(options.certificate(), options.key());
        this.guard = new TcpGuard(files.hosts(), BearerToken.read(options.tokenFile()));
        tls.setKeyStore(files.store());
        tls.setKeyStorePassword(PemFiles.PASSWORD);
        tls.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        tls.setRenegotiationAllowed(false);
        // The guard compares hosts with the certificate, and answers as everything else is answered.
        tls.setSniRequired(false);
        this.connector =
                new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()), http);
        connector.setHost(options.address().getHostString());
        connector.setPort(options.address().getPort());
    }

    /** Looks at the files now and then, as long as it listens. */
    void watch(Scheduler scheduler) {
        scheduler.schedule(
                () -> {
                    refresh();
                    if (connector.isRunning()) {
                        watch(scheduler);
                    }
                },
                CHECK_SECONDS,
                TimeUnit.SECONDS);
    }

    /** Reads the files again if they are others than those that were read. */
    synchronized void refresh() {
        List<String> now = stamps();
        if (now.equals(read)) {
            return;
        }
        read = now;
        try {
            PemFiles files = PemFiles.read(options.certificate(), options.key());
            Guard next = new TcpGuard(files.hosts(), BearerToken.read(options.tokenFile()));
            tls.reload(it -> it.setKeyStore(files.store()));
            guard = next;
            LOG.log(Level.INFO, "The API's certificate, key and token have been read again");
        } catch (Exception e) {
            LOG.log(
                    Level.WARNING,
                    "The API goes on with the certificate, key and token that it has: " + e.getMessage());
        }
    }

    /** What tells a file from one that was there before. */
    private List<String> stamps() {
        return Stream.of(options.certificate(), options.key(), options.tokenFile())
                .map(TcpListener::stamp)
                .toList();
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
        } catch (IOException e) {
            return "not there";
        }
    }

    ServerConnector connector() {
        return connector;
    }

    Guard guard() {
        return guard;
    }

    /** Where it listens, once it does. */
    InetSocketAddress address() {
        return new InetSocketAddress(connector.getHost(), connector.getLocalPort());
    }
}
