package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost, its key and a token, in files. */
final class TestCertificate {
    static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final char[] PASSWORD = "password".toCharArray();

    final Path certificate;
    final Path key;
    final Path token;
    private final KeyStore store;

    /**
     * Has keytool make one.
     *
     * @param names what it is for, in keytool's words
     */
    TestCertificate(Path folder, String algorithm, String names) throws Exception {
        Path file = folder.resolve("store.p12");
        run(List.of(
                keytool(),
                "-genkeypair",
                "-alias",
                "api",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=test",
                "-ext",
                names,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
        this.store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        this.certificate = folder.resolve("api.crt");
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate("api").getEncoded()));
        this.key = secret(
                folder.resolve("api.key"),
                pem("PRIVATE KEY", store.getKey("api", PASSWORD).getEncoded()));
        this.token = secret(folder.resolve("token"), TOKEN + "\n");
    }

    private TestCertificate(TestCertificate of, Path folder) throws IOException {
        this.store = of.store;
        this.certificate = Files.copy(of.certificate, folder.resolve("api.crt"));
        this.key = secret(folder.resolve("api.key"), Files.readString(of.key));
        this.token = secret(folder.resolve("token"), TOKEN + "\n");
    }

    /** The same in another folder. */
    TestCertificate copy(Path folder) throws IOException {
        return new TestCertificate(this, folder);
    }

    private static String keytool() {
        Path java = Path.of(ProcessHandle.current().info().command().orElseThrow());
        return java.resolveSibling("keytool").toString();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        byte[] output = process.getInputStream().readAllBytes();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as("%s", new String(output, StandardCharsets.UTF_8))
                .isZero();
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    /** Writes a file that others cannot read. */
    static Path secret(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    /** A listener with these files, at any port of this host. */
    ApiOptions.Tcp options() {
        return new ApiOptions.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificate, key, token);
    }

    /** Connects, and trusts this certificate only. */
    HttpLine connect(InetSocketAddress address) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("api", store.getCertificate("api"));
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket)
                context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), address.getPort());
        socket.startHandshake();
        return new HttpLine(
                "localhost:" + address.getPort(), socket.getInputStream(), socket.getOutputStream(), socket);
    }
}
