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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlSocketTest {
    @TempDir
    private Path folder;

    @Test
    void questionIsAnsweredWithText() throws IOException {
        Path path = folder.resolve("a.control");
        try (ControlSocket ignored = new ControlSocket(path, words -> "heard " + String.join("+", words) + "\n")) {
            assertThat(ControlSocket.ask(path, List.of("one"))).isEqualTo("heard one\n");
            assertThat(ControlSocket.ask(path, List.of("two", "", "three"))).isEqualTo("heard two++three\n");
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
            if (question.equals(List.of("bad"))) {
                throw new IllegalStateException("no such thing");
            }
            return "fine";
        })) {
            assertThatThrownBy(() -> ControlSocket.ask(path, List.of("bad")))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("no such thing");
            assertThat(ControlSocket.ask(path, List.of("good"))).isEqualTo("fine");
        }
    }

    @Test
    void refusalHasItsCodeAndItsReason() throws IOException {
        Path path = folder.resolve("a.control");
        try (ControlSocket ignored = new ControlSocket(path, question -> {
            throw new CommandException(ExitCode.ENVIRONMENT, "nothing of the kind");
        })) {
            assertThatThrownBy(() -> ControlSocket.ask(path, List.of("x")))
                    .isInstanceOfSatisfying(
                            CommandException.class,
                            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.ENVIRONMENT))
                    .hasMessage("nothing of the kind");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\tb", "a\nb"})
    void wordThatWouldBeTwoIsNotSent(String word) {
        assertThatThrownBy(() -> ControlSocket.ask(folder.resolve("a.control"), List.of(word)))
                .isInstanceOf(CommandException.class);
    }

    @Test
    void closedSocketIsGone() throws IOException {
        Path path = folder.resolve("a.control");
        new ControlSocket(path, question -> "").close();
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> ControlSocket.ask(path, List.of("x"))).isInstanceOf(IOException.class);
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
            assertThat(ControlSocket.ask(path, List.of("x"))).isEqualTo("new");
        }
    }
}
