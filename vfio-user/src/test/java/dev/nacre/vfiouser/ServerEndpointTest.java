package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.UnixSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where a server's clients come from: a path, or sockets that are there already. */
@ExtendWith(LeavesNothing.class)
class ServerEndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final FakeFunction function = new FakeFunction();

    @AfterEach
    void close() {
        function.close();
    }

    @Test
    void socketFileHasTheAskedPermissions() throws Exception {
        Path path = folder.resolve("gpu");
        try (VfioUserServer server = at(path).socketMode(0660).build()) {
            server.start();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void staleSocketIsReplacedAndOneInUseIsNot() {
        Path path = folder.resolve("gpu");
        UnixSocket.listen(path, 0600, 1).close();
        try (VfioUserServer first = at(path).build();
                VfioUserServer second = at(path).build()) {
            first.start();

            assertThatThrownBy(second::start)
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("EADDRINUSE");
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void pathThatIsTooLongIsRefused() {
        Path path = folder.resolve("x".repeat(108));
        try (VfioUserServer server = at(path).build()) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("107");
        }
    }

    @Test
    void inheritedListeningSocketIsServed() {
        Path path = folder.resolve("gpu");
        Fd listening = UnixSocket.listen(path, 0600, 4);
        try (VfioUserServer server =
                VfioUserServer.builder(function).listeningFd(listening).build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
        assertThat(listening.isClosed()).isTrue();
        assertThat(path).exists();
    }

    @Test
    void serverOfAConnectedSocketEndsWithItsClient() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (VfioUserServer server =
                VfioUserServer.builder(function).connectedFd(pair.second()).build()) {
            server.start();
            boolean endedEarly = server.awaitEnd(Duration.ofMillis(1));
            VfioUserClient.over(pair.first()).close();

            assertThat(endedEarly).isFalse();
            assertThat(server.awaitEnd(PATIENCE)).isTrue();
        }
    }

    @Test
    void inheritedNumberOfAListeningSocketIsServed() {
        Path path = folder.resolve("gpu");
        Fd listening = UnixSocket.listen(path, 0600, 4);
        try (VfioUserServer server =
                VfioUserServer.builder(function).fd(handOver(listening)).build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.connect(path)) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
        }
    }

    @Test
    void inheritedNumberOfAConnectedSocketIsServedUntilItsClientGoes() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        pair.second().setNonBlocking(true);
        try (VfioUserServer server =
                VfioUserServer.builder(function).fd(handOver(pair.second())).build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.over(pair.first())) {
                assertThat(client.describe().regions()).isEqualTo(9);
            }
            assertThat(server.awaitEnd(PATIENCE)).isTrue();
        }
    }

    @Test
    void inheritedNumberThatIsNoSocketIsRefusedAndStaysOpen() {
        try (Fd file = Memfd.create("no-socket", 8);
                VfioUserServer server =
                        VfioUserServer.builder(function).fd(file.number()).build()) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("ENOTSOCK");
            assertThat(FileStat.of(file).sizeBytes()).isEqualTo(8);
        }
    }

    @Test
    void inheritedNumberThatIsNotOpenIsRefused() {
        try (VfioUserServer server =
                VfioUserServer.builder(function).fd(1_000_000).build()) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(NativeException.class)
                    .hasMessageContaining("EBADF");
        }
    }

    @Test
    void exactlyOneEndpointIsNeeded() {
        try (EventFd event = EventFd.create()) {
            assertThatThrownBy(() -> VfioUserServer.builder(function).build())
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> at(folder).connectedFd(event.fd()).build())
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> at(folder).fd(3).build()).isInstanceOf(IllegalStateException.class);
        }
    }

    /** A number that nobody here owns, as after exec. */
    private static int handOver(Fd fd) {
        int number = fd.duplicate().number();
        fd.close();
        return number;
    }

    private VfioUserServer.Builder at(Path path) {
        return VfioUserServer.builder(function).socketPath(path);
    }
}
