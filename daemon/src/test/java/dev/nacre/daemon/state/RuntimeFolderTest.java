package dev.nacre.daemon.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Fd;
import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeFolderTest {
    private static final SocketOwner ANYBODY = new SocketOwner(SocketOwner.UNCHANGED, SocketOwner.UNCHANGED);

    @TempDir
    Path temp;

    @Test
    void folderIsMadeForOwnerAndGroup() throws IOException {
        Path path = temp.resolve("over/run");

        try (RuntimeFolder folder = RuntimeFolder.open(path)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                    .isEqualTo("rwxr-x---");
        }
    }

    @Test
    void folderThatEverybodyCanWriteToIsRefused() throws IOException {
        Path path = Files.createDirectory(temp.resolve("run"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> RuntimeFolder.open(path))
                .isInstanceOf(StateException.class)
                .hasMessage("Everybody can write into the folder: folder=" + path + " mode=rwxrwxrwx");
    }

    @Test
    void linkIsRefused() throws IOException {
        Path path = Files.createSymbolicLink(temp.resolve("run"), Files.createDirectory(temp.resolve("real")));

        assertThatThrownBy(() -> RuntimeFolder.open(path)).hasMessageContaining("Folder is none, or a link");
    }

    @Test
    void secondDaemonIsRefusedUntilTheFirstHasEnded() {
        Path path = temp.resolve("run");
        RuntimeFolder first = RuntimeFolder.open(path);

        assertThatThrownBy(() -> RuntimeFolder.open(path)).hasMessageContaining("has the runtime folder already");
        first.close();
        RuntimeFolder.open(path).close();
    }

    @Test
    void lockTellsWhoHasIt() throws IOException {
        try (RuntimeFolder folder = RuntimeFolder.open(temp.resolve("run"))) {
            assertThat(folder.path().resolve("lock"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void socketsOfAFormerLifeAreRemovedAndNothingElse() throws IOException {
        Path sockets = temp.resolve("run/vgpus");
        try (RuntimeFolder folder = RuntimeFolder.open(temp.resolve("run"))) {
            folder.prepare(sockets, ANYBODY);
            UnixSocket.listen(sockets.resolve("dead.sock"), 0600, 1).close();
            Path file = Files.writeString(sockets.resolve("note.sock"), "no socket");
            try (Fd alive = UnixSocket.listen(sockets.resolve("alive.sock"), 0600, 1)) {
                folder.prepare(sockets, ANYBODY);

                assertThat(alive.isClosed()).isFalse();
                assertThat(sockets.resolve("alive.sock")).exists();
            }
            assertThat(sockets.resolve("dead.sock")).doesNotExist();
            assertThat(file).exists();
        }
    }

    @Test
    void whatAFormerLifeWasMakingIsRemoved() throws IOException {
        Path path = temp.resolve("run");
        RuntimeFolder.open(path).close();
        Path making = Files.createDirectory(path.resolve(".api-123"));
        UnixSocket.listen(making.resolve("s"), 0600, 1).close();
        UnixSocket.listen(path.resolve("nacred.sock"), 0600, 1).close();

        RuntimeFolder.open(path).close();

        assertThat(path).isDirectoryNotContaining(file -> !file.endsWith("lock"));
    }
}
