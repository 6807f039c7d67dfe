package dev.nacre.daemon.api;

import java.net.InetSocketAddress;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The TCP listener: TLS 1.3 or 1.2, and the guard that asks for the token. */
final class TcpListener {
    private final ServerConnector connector;
    private final Guard guard;

    /**
     * Reads its files.
     *
     * @throws ApiException if one of them will not do
     */
    TcpListener(Server server, HttpConnectionFactory http, ApiOptions.Tcp options) {
        PemFiles files = PemFiles.read(options.certificate(), options.key());
        this.guard = new TcpGuard(files.hosts(), BearerToken.read(options.tokenFile()));
        SslContextFactory.Server tls = new SslContextFactory.Server();
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
