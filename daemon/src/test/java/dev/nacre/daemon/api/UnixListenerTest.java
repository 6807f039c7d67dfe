package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.SocketOwner;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The UNIX socket: who can reach it, and whose place it takes. */
class UnixListenerTest {
    @TempDir
    private Path folder;

    private ApiServer server(int mode, SocketOwner owner) {
        return new ApiServer(
                new ApiOptions(new ApiOptions.Unix(folder.resolve("api.sock"), mode, owner), Optional.empty()),
                ApiFixture.parts(new FakeService(), Optional::empty));
    }

    @ParameterizedTest
    @CsvSource({"600, rw-------", "660, rw-rw----", "666, rw-rw-rw-", "0, ---------"})
    void socket_started_hasItsMode(String mode, String shown) throws IOException {
        try (ApiServer server = server(Integer.parseInt(mode, 8), ApiFixture.UNCHANGED)) {
            server.start();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("api.sock"))))
                    .isEqualTo(shown);
        }
    }

    @Test
    void socket_givenToItsOwnGroup_hasIt() throws IOException {
        int group = (Integer) Files.getAttribute(folder, "unix:gid");
        try (ApiServer server = server(0660, new SocketOwner(SocketOwner.UNCHANGED, group))) {
            server.start();

            assertThat(Files.getAttribute(folder.resolve("api.sock"), "unix:gid"))
                    .isEqualTo(group);
        }
    }

    @Test
    void socket_beforeItHasItsMode_inAFolderOfItsOwn() throws IOException {
        try (ApiServer ignored = server(0666, ApiFixture.UNCHANGED);
                Stream<Path> files = Files.list(folder)) {
            Path made = files.findFirst().orElseThrow();

            assertThat(made.getFileName().toString()).startsWith(".api-");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void server_closed_leavesNothing() throws IOException {
        try (ApiServer server = server(0600, ApiFixture.UNCHANGED)) {
            server.start();
        }

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void socket_thatNobodyListensOn_replaced() throws IOException {
        Path path = folder.resolve("api.sock");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();

        try (ApiFixture api = new ApiFixture(folder)) {
            assertThat(api.get("/healthz").status()).isEqualTo(200);
        }
    }

    @Test
    void socket_thatSomebodyListensOn_refused() throws IOException {
        try (ApiFixture first = new ApiFixture(folder)) {
            assertThatThrownBy(() -> new ApiFixture(folder))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("somebody listens");
            assertThat(first.get("/healthz").status()).isEqualTo(200);
        }
    }

    @Test
    void file_thatIsNoSocket_leftAlone() throws IOException {
        Path path = Files.writeString(folder.resolve("api.sock"), "precious");

        assertThatThrownBy(() -> new ApiFixture(folder))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("something else");
        assertThat(path).hasContent("precious");
    }
}
