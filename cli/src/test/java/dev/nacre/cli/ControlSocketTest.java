package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
    @TempDir
    private Path folder;

    @Test
    void questionIsAnsweredWithText() throws IOException {
        Path path = folder.resolve("a.control");
        try (ControlSocket ignored = new ControlSocket(path, question -> "heard " + question + "\n")) {
            assertThat(ControlSocket.ask(path, "one")).isEqualTo("heard one\n");
            assertThat(ControlSocket.ask(path, "two")).isEqualTo("heard two\n");
        }
    }

    @Test
    void socketIsTheOwnersOnly() throws IOException {
        Path path = folder.resolve("a.control");
        try (ControlSocket ignored = new ControlSocket(path, question -> "")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void answerThatFailsDoesNotEndTheService() throws IOException {
        Path path = folder.resolve("a.control");
        try (ControlSocket ignored = new ControlSocket(path, question -> {
            if (question.equals("bad")) {
                throw new IllegalStateException("no such thing");
            }
            return "fine";
        })) {
            ControlSocket.ask(path, "bad");
            assertThat(ControlSocket.ask(path, "good")).isEqualTo("fine");
        }
    }

    @Test
    void closedSocketIsGone() throws IOException {
        Path path = folder.resolve("a.control");
        new ControlSocket(path, question -> "").close();
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> ControlSocket.ask(path, "x")).isInstanceOf(IOException.class);
    }

    @Test
    void fileOfSomebodyElseIsLeftAlone() throws IOException {
        Path path = Files.writeString(folder.resolve("a.control"), "mine");
        assertThatThrownBy(() -> new ControlSocket(path, question -> ""))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("EADDRINUSE");
        assertThat(path).hasContent("mine");
    }

    @Test
    void socketOfOneThatWasKilledIsTakenOver() throws IOException {
        Path path = folder.resolve("a.control");
        ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        killed.bind(UnixDomainSocketAddress.of(path));
        killed.close();
        try (ControlSocket ignored = new ControlSocket(path, question -> "new")) {
            assertThat(ControlSocket.ask(path, "x")).isEqualTo("new");
        }
    }
}
