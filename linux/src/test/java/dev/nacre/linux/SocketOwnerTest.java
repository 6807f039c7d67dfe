package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketOwnerTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "root, 0, -1",
        "root:root, 0, 0",
        ":root, -1, 0",
        "12345:54321, 12345, 54321",
        "root:, 0, -1",
        ":2147483647, -1, 2147483647"
    })
    void namesAndNumbersAreRead(String text, int uid, int gid) {
        assertThat(SocketOwner.parse(text)).isEqualTo(new SocketOwner(uid, gid));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ":", "no-such-user-here", "root:no-such-group-here", "-1", "4294967295", "root:root:root"})
    void whatDoesNotExistIsRefused(String text) {
        assertThatThrownBy(() -> SocketOwner.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void listenerIsGivenToItsOwner() throws Exception {
        Path path = folder.resolve("s");
        int uid = (int) Files.getAttribute(folder, "unix:uid");
        int gid = (int) Files.getAttribute(folder, "unix:gid");

        // Whoever runs this may give a file to himself; only root could give it to another.
        try (Fd listening = UnixSocket.listen(path, 0660, new SocketOwner(uid, gid), 1)) {
            assertThat(UnixSocket.isListening(listening)).isTrue();
            assertThat(Files.getAttribute(path, "unix:uid")).isEqualTo(uid);
            assertThat(Files.getAttribute(path, "unix:gid")).isEqualTo(gid);
            assertThat((int) Files.getAttribute(path, "unix:mode") & 0777).isEqualTo(0660);
        }
    }

    @Test
    void linkToASocketIsNotFollowed() throws Exception {
        Path path = folder.resolve("s");
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        try (Fd listening = UnixSocket.listen(path, 0600, 1)) {
            assertThat(listening.isClosed()).isFalse();

            assertThatThrownBy(() -> new SocketOwner(0, 0).give(link)).hasMessageContaining("ENOTSOCK");
        }
    }

    @Test
    void fileThatIsNoSocketIsNotGivenAway() throws Exception {
        Path file = Files.createFile(folder.resolve("precious"));

        assertThatThrownBy(() -> new SocketOwner(0, 0).give(file)).hasMessageContaining("ENOTSOCK");
    }
}
