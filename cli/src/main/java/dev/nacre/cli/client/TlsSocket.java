package dev.nacre.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** TCP with TLS; the certificate must be for the host. */
final class TlsSocket {
    // TIMEOUT: a host on the way that drops everything would be waited for for minutes.
    private static final int CONNECT_MS = 10_000;

    private TlsSocket() {}

    /** @param caFile PEM certificates to trust instead of those that the JDK trusts */
    static Socket connect(String host, int port, Optional<Path> caFile) throws IOException {
        SSLContext context = context(caFile);
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port), CONNECT_MS);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(CONNECT_MS);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static SSLContext context(Optional<Path> caFile) throws IOException {
        try {
            if (caFile.isEmpty()) {
                return SSLContext.getDefault();
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store(caFile.get()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new UnreachableException(
                    caFile.map(file -> "the certificates in " + file + " cannot be used: ")
                                    .orElse("TLS is not possible: ")
                            + e.getMessage(),
                    false,
                    e);
        }
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            for (Certificate one : all) {
                store.setCertificateEntry("ca" + store.size(), one);
            }
        } catch (IOException e) {
            throw UnreachableException.ofFile("The certificates in " + file + " cannot be read: " + e, e);
        }
        return store;
    }
}
