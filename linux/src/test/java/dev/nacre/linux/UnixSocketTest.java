package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketTest {
    @TempDir
    private Path folder;

    @Test
    void clientConnectsToTheListener() {
        Path path = folder.resolve("s");
        try (Fd listening = UnixSocket.listen(path, 0600, 4)) {
            boolean nobody = UnixSocket.accept(listening).isEmpty();
            try (Fd client = UnixSocket.connect(path);
                    Fd server = UnixSocket.accept(listening).orElseThrow()) {
                assertThat(nobody).isTrue();
                assertThat(client.number()).isNotEqualTo(server.number());
            }
        }
    }

    @Test
    void socketFileHasTheAskedPermissions() throws Exception {
        Path path = folder.resolve("s");
        try (Fd listening = UnixSocket.listen(path, 0666, 1)) {
            assertThat(listening.isClosed()).isFalse();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw-rw-");
        }
    }

    @Test
    void staleSocketIsReplaced() {
        Path path = folder.resolve("s");
        UnixSocket.listen(path, 0600, 1).close();

        try (Fd again = UnixSocket.listen(path, 0600, 1);
                Fd client = UnixSocket.connect(path)) {
            assertThat(again.isClosed()).isFalse();
            assertThat(client.isClosed()).isFalse();
        }
    }

    @Test
    void socketInUseIsLeftAlone() {
        Path path = folder.resolve("s");
        try (Fd first = UnixSocket.listen(path, 0600, 4)) {
            assertThatThrownBy(() -> UnixSocket.listen(path, 0600, 1))
                    .isInstanceOfSatisfying(
                            NativeException.class,
                            e -> assertThat(e.is(Errno.EADDRINUSE)).isTrue());
            assertThat(UnixSocket.accept(first)).hasValueSatisfying(Fd::close);
        }
    }

    @Test
    void fileThatIsNoSocketIsLeftAlone() throws Exception {
        Path path = Files.writeString(folder.resolve("s"), "precious");

        assertThatThrownBy(() -> UnixSocket.listen(path, 0600, 1)).hasMessageContaining("EADDRINUSE");

        assertThat(path).hasContent("precious");
    }

    @Test
    void pathOf107BytesIsTheLongest() {
        Path longest = folder.resolve("x".repeat(107 - folder.toString().length() - 1));
        Path tooLong = folder.resolve("x".repeat(107 - folder.toString().length()));

        try (Fd listening = UnixSocket.listen(longest, 0600, 1)) {
            assertThat(listening.isClosed()).isFalse();
        }
        assertThatThrownBy(() -> UnixSocket.listen(tooLong, 0600, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 108");
    }

    @Test
    void removeTakesOnlyTheFileThatWasBound() throws Exception {
        Path path = folder.resolve("s");
        try (Fd listening = UnixSocket.listen(path, 0600, 1)) {
            FileStat bound = FileStat.of(path).orElseThrow();
            Path aside = Files.move(path, folder.resolve("aside"));
            Files.writeString(path, "other");

            UnixSocket.remove(path, bound);
            UnixSocket.remove(aside, bound);

            assertThat(listening.isClosed()).isFalse();
            assertThat(path).exists();
            assertThat(aside).doesNotExist();
        }
    }

    @Test
    void listeningAndConnectedSocketsAreToldApart() {
        Path path = folder.resolve("s");
        UnixSocket.Pair pair = UnixSocket.pair();
        try (Fd listening = UnixSocket.listen(path, 0600, 1);
                Fd first = pair.first();
                Fd second = pair.second()) {
            assertThat(UnixSocket.isListening(listening)).isTrue();
            assertThat(UnixSocket.isListening(first)).isFalse();
            assertThat(UnixSocket.isListening(second)).isFalse();
        }
    }

    @Test
    void whatIsNoSocketIsSaidToBeNone() {
        try (Fd file = Memfd.create("no-socket", 8)) {
            assertThatThrownBy(() -> UnixSocket.isListening(file)).hasMessageContaining("ENOTSOCK");
        }
    }

    @Test
    void connectingToNothingFailsWithItsErrnoAndLeavesNoDescriptor() throws Exception {
        long before = OpenFds.count();
        assertThatThrownBy(() -> UnixSocket.connect(folder.resolve("nothing")))
                .isInstanceOfSatisfying(NativeException.class, e -> {
                    assertThat(e.call()).isEqualTo("connect");
                    assertThat(e.errno()).isEqualTo(Errno.ENOENT.number());
                });
        assertThat(OpenFds.count()).isEqualTo(before);
    }
}
