package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.cli.client.ApiTarget;
import dev.nacre.daemon.Daemon;
import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.host.VgpuService;
import dev.nacre.testsupport.guest.host.FileTree;
import dev.nacre.testsupport.guest.host.HostCommand;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** A daemon in this process as an operator configures it: a board, the API on TCP with a token, consoles at sockets. */
final class TestDaemon implements AutoCloseable {
    private static final String PASSWORD = "changeit";
    private static final String TOKEN = "a-token-for-a-test-0123456789abcdef";
    // TIMEOUT: makes one key.
    private static final Duration KEYTOOL_BOUND = Duration.ofMinutes(1);

    private final Path folder;
    private final int port;
    private final Daemon daemon;

    TestDaemon() throws IOException, GeneralSecurityException {
        // Short, because a socket's path has at most 107 bytes.
        folder = Files.createTempDirectory("nacre-test");
        port = freePort();
        makeKey();
        writePrivately("token", TOKEN + "\n");
        Path config = Files.writeString(folder.resolve("nacre.toml"), """
                runtime = "%1$s/run"
                state = "%1$s/state"
                [api.tcp]
                listen = "127.0.0.1:%2$d"
                certificate = "%1$s/certificate.pem"
                key = "%1$s/key.pem"
                token-file = "%1$s/token"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "48GiB"
                virtual-functions = 2
                [board.console]
                folder = "consoles"
                """.formatted(folder, port));
        daemon = new Daemon(ConfigReader.read(config));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void makeKey() throws IOException, GeneralSecurityException {
        Path store = folder.resolve("key.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        HostCommand.Result made = HostCommand.of(
                        keytool.toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1")
                .run(KEYTOOL_BOUND);
        assertThat(made.ok()).as(made.text() + made.errors()).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Key key = keys.getKey("test", PASSWORD.toCharArray());
        writePrivately("key.pem", pem("PRIVATE KEY", key.getEncoded()));
        writePrivately(
                "certificate.pem",
                pem("CERTIFICATE", keys.getCertificate("test").getEncoded()));
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(what, Base64.getMimeEncoder().encodeToString(bytes));
    }

    private void writePrivately(String name, String text) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text);
    }

    /** A client of its API, on TCP with the token. */
    ApiClient api() {
        return new ApiClient(ApiTarget.parse(
                "https://127.0.0.1:" + port,
                Optional.of(folder.resolve("token")),
                Optional.of(folder.resolve("certificate.pem"))));
    }

    VgpuService service() {
        return daemon.service();
    }

    /** The page, with the token. */
    String page() {
        return "https://127.0.0.1:" + port + "/#token=" + TOKEN;
    }

    /** Where viewers find a head. */
    Path console(String vgpu, int head) {
        return folder.resolve("run/consoles").resolve(vgpu + "-" + head + ".rfb");
    }

    @Override
    public void close() throws IOException {
        daemon.close();
        FileTree.delete(folder);
    }
}
