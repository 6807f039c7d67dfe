package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API on TCP: TLS, the token, and pages of other sites. */
class TcpTest {
    private static final Contract CONTRACT = Contract.read();
    private static final String AUTHORIZED = HttpLine.headers("Authorization: Bearer " + TestCertificate.TOKEN);
    private static final String NAMES = "san=dns:localhost,ip:127.0.0.1";

    @TempDir
    private static Path shared;

    private static TestCertificate certificate;

    @TempDir
    private Path folder;

    private ApiFixture api;
    private InetSocketAddress address;

    @BeforeAll
    static void certify() throws Exception {
        certificate = new TestCertificate(shared, "EC", NAMES);
    }

    @BeforeEach
    void start() {
        api = new ApiFixture(folder, new FakeService(), Optional.of(certificate.options()), new ConnectionWatch());
        address = api.server.tcpAddress().orElseThrow();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private HttpAnswer get(String path, String headers) throws Exception {
        try (HttpLine line = certificate.connect(address)) {
            return line.ask("GET", path, headers, "");
        }
    }

    @Test
    void request_withTheToken_answered() throws Exception {
        assertThat(get("/v1/boards", AUTHORIZED).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Authorization: Bearer 0123456789abcdef0123456789abcdee",
                "Authorization: Bearer",
                "Authorization: Basic MDEyMzQ1Njc4OWFiY2RlZg==",
                "Sec-WebSocket-Protocol: bearer.MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"
            })
    void request_withoutTheToken_unauthorized(String header) throws Exception {
        HttpAnswer answer = get("/v1/boards", HttpLine.headers(header));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(CONTRACT.errors("listBoards", answer)).isEmpty();
        assertThat(answer.header("WWW-Authenticate")).hasValue("Bearer");
    }

    @Test
    void everyRoute_withoutTheToken_unauthorizedUnlessOpen() throws Exception {
        for (Route route : api.server.routes().routes()) {
            String path = route.path().text().replaceAll("\\{head}", "0").replaceAll("\\{\\w+}", "x");
            try (HttpLine line = certificate.connect(address)) {
                HttpAnswer answer = line.ask(route.method(), path, "", "");
                assertThat(answer.status() == 401).as(route.operation()).isEqualTo(!route.open());
            }
        }
    }

    @Test
    void unknownPath_withoutTheToken_unauthorized() throws Exception {
        assertThat(get("/v2/secret", "").status()).isEqualTo(401);
        assertThat(get("/v2/secret", AUTHORIZED).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org", "http://localhost", "null", "https://localhost:1"})
    void request_ofAnotherSitesPage_forbidden(String origin) throws Exception {
        HttpAnswer answer = get("/v1/boards", AUTHORIZED + HttpLine.headers("Origin: " + origin));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(CONTRACT.errors("listBoards", answer)).isEmpty();
        assertThat(get("/healthz", HttpLine.headers("Origin: " + origin)).status())
                .isEqualTo(403);
    }

    @Test
    void request_ofOurPage_answered() throws Exception {
        String origin = HttpLine.headers("Origin: https://localhost:" + address.getPort());

        assertThat(get("/v1/boards", AUTHORIZED + origin).status()).isEqualTo(200);
    }

    @Test
    void request_toANameThatLeadsHere_forbidden() throws Exception {
        try (HttpLine line = certificate.connect(address)) {
            line.send("GET /v1/boards HTTP/1.1\r\nHost: rebound.example.org\r\n" + AUTHORIZED + "\r\n");

            assertThat(HttpAnswer.read(line.in(), false).status()).isEqualTo(403);
        }
    }

    @Test
    void answer_anyway_hasSecurityHeaders() throws Exception {
        HttpAnswer answer = get("/v1/boards", "");

        assertThat(answer.headers())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("x-frame-options", "DENY")
                .containsEntry("cache-control", "no-store")
                .containsEntry("referrer-policy", "no-referrer")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .doesNotContainKey("server")
                .doesNotContainKey("access-control-allow-origin");
        assertThat(answer.header("content-security-policy").orElseThrow()).startsWith("default-src 'none'");
    }

    @Test
    void console_withTheTokenAsSubprotocol_upgraded() throws Exception {
        api.post("/v1/vgpus", ApiFixture.CREATE);
        String token = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(TestCertificate.TOKEN.getBytes(StandardCharsets.UTF_8));

        HttpAnswer answer = get(
                "/v1/vgpus/desk1/heads/0/console",
                HttpLine.headers(
                        "Connection: Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                        "Sec-WebSocket-Protocol: binary, bearer." + token));

        assertThat(answer.status()).isEqualTo(101);
        assertThat(answer.header("Sec-WebSocket-Protocol")).hasValue("binary");
    }

    @Test
    void plainText_toTheListener_notAnswered() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();

            assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII)).isNotEqualTo("HTTP");
        }
    }

    @Test
    void server_notAskedToListenOnTcp_doesNot(@TempDir Path other) {
        try (ApiFixture unixOnly = new ApiFixture(other)) {
            assertThat(unixOnly.server.tcpAddress()).isEmpty();
        }
    }

    @Test
    void filesThatChange_readAgain(@TempDir Path other, @TempDir Path later) throws Exception {
        TestCertificate mine = certificate.copy(other);
        TestCertificate next = new TestCertificate(later, "EC", NAMES);
        try (ApiFixture second =
                new ApiFixture(other, new FakeService(), Optional.of(mine.options()), new ConnectionWatch())) {
            InetSocketAddress there = second.server.tcpAddress().orElseThrow();
            String token = "fedcba9876543210fedcba9876543210";
            Files.copy(next.certificate, mine.certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(next.key, mine.key, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            Files.writeString(mine.token, token);

            // TIMEOUT: the files are looked at every 5 s.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            int status = 0;
            while (status != 200 && System.nanoTime() - end < 0) {
                try (HttpLine line = next.connect(there)) {
                    status = line.ask("GET", "/v1/boards", HttpLine.headers("Authorization: Bearer " + token), "")
                            .status();
                } catch (IOException old) {
                    // Not the certificate that this client trusts.
                    LockSupport.parkNanos(50_000_000);
                }
            }

            assertThat(status).isEqualTo(200);
            try (HttpLine line = next.connect(there)) {
                assertThat(line.ask("GET", "/v1/boards", AUTHORIZED, "").status())
                        .isEqualTo(401);
            }
            assertThatThrownBy(() -> mine.connect(there).close()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void filesThatWillNotDo_leftUnused(@TempDir Path other) throws Exception {
        TestCertificate mine = certificate.copy(other);
        try (ApiFixture second =
                new ApiFixture(other, new FakeService(), Optional.of(mine.options()), new ConnectionWatch())) {
            Files.writeString(mine.token, "short");
            Files.delete(mine.certificate);

            second.server.refresh();

            try (HttpLine line = mine.connect(second.server.tcpAddress().orElseThrow())) {
                assertThat(line.ask("GET", "/v1/boards", AUTHORIZED, "").status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void certificate_withRsaKey_served(@TempDir Path other) throws Exception {
        TestCertificate rsa = new TestCertificate(other, "RSA", NAMES);
        try (ApiFixture second =
                        new ApiFixture(other, new FakeService(), Optional.of(rsa.options()), new ConnectionWatch());
                HttpLine line = rsa.connect(second.server.tcpAddress().orElseThrow())) {
            assertThat(line.get("/healthz").status()).isEqualTo(200);
        }
    }

    @Test
    void certificate_thatNamesNoHost_refused(@TempDir Path other) throws Exception {
        TestCertificate nameless = new TestCertificate(other, "EC", "ku=digitalSignature");

        assertRefused(other, nameless, "certificate names no host");
    }

    @Test
    void key_thatOthersCanRead_refused(@TempDir Path other) throws Exception {
        TestCertificate open = certificate.copy(other);
        Files.setPosixFilePermissions(open.key, PosixFilePermissions.fromString("rw-r--r--"));

        assertRefused(other, open, "key must be a file that others cannot read");
    }

    @Test
    void token_thatOthersCanRead_refused(@TempDir Path other) throws Exception {
        TestCertificate open = certificate.copy(other);
        Files.setPosixFilePermissions(open.token, PosixFilePermissions.fromString("rw----r--"));

        assertRefused(other, open, "token-file must be a file that others cannot read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789abcdef 0123456789abcdef"})
    void token_thatCouldBeGuessed_refused(String text, @TempDir Path other) throws Exception {
        TestCertificate weak = certificate.copy(other);
        Files.writeString(weak.token, text);

        assertRefused(other, weak, "token-file must hold one token");
    }

    @Test
    void key_inAnotherForm_refusedWithWhatConvertsIt(@TempDir Path other) throws Exception {
        TestCertificate old = certificate.copy(other);
        Files.writeString(old.key, Files.readString(old.key).replace("PRIVATE", "EC PRIVATE"));

        assertRefused(other, old, "openssl pkcs8");
    }

    private static void assertRefused(Path folder, TestCertificate files, String why) {
        assertThatThrownBy(() ->
                        new ApiFixture(folder, new FakeService(), Optional.of(files.options()), new ConnectionWatch()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(why);
        assertThat(folder.resolve("api.sock")).doesNotExist();
    }
}
