package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How commands find a daemon, and what they say when there is none, or when it does not let them in. */
@ExtendWith(SharedDaemon.class)
class ReachTest {
    private final SharedDaemon.Running daemon;

    @TempDir
    private Path folder;

    ReachTest(SharedDaemon.Running daemon) {
        this.daemon = daemon;
    }

    private String file(String name) {
        return daemon.daemon().folder().resolve(name).toString();
    }

    @Test
    void optionsMayStandBeforeTheCommand() {
        CommandRun run = CommandRun.of("--host", daemon.daemon().target().toString(), "board", "ls");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).hasSize(2);
    }

    @Test
    void tokenAndCertificateLetOneInOverTcp() {
        CommandRun run = SharedDaemon.Running.at(
                daemon.https(), "board", "ls", "--token-file", file("token"), "--ca-file", file("certificate.pem"));

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo(daemon.run("board", "ls").out());
    }

    @Test
    void withoutTheTokenNobodyIsLetIn() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "0123456789abcdef0123456789abcdef\n");

        CommandRun none = SharedDaemon.Running.at(daemon.https(), "board", "ls", "--ca-file", file("certificate.pem"));
        CommandRun other = SharedDaemon.Running.at(
                daemon.https(), "board", "ls", "--ca-file", file("certificate.pem"), "--token-file", wrong.toString());

        assertThat(none.code()).isEqualTo(ExitCode.FORBIDDEN);
        assertThat(none.err())
                .singleElement()
                .asString()
                .contains("--token-file")
                .contains("NACRE_TOKEN_FILE");
        assertThat(other.code()).isEqualTo(ExitCode.FORBIDDEN);
    }

    @Test
    void certificateThatNobodySignedIsNotTrusted() {
        CommandRun run = SharedDaemon.Running.at(daemon.https(), "board", "ls", "--token-file", file("token"));

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.err()).singleElement().asString().contains("TLS: ");
    }

    @Test
    void certificateOfAnotherHostIsNotTrusted() {
        CommandRun run = SharedDaemon.Running.at(
                daemon.https().replace("127.0.0.1", "127.0.0.2"), "board", "ls", "--ca-file", file("certificate.pem"));

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
    }

    @Test
    void filesThatAreNotThereAreNamed() {
        assertUnreachable(
                SharedDaemon.Running.at(daemon.https(), "board", "ls", "--ca-file", folder + "/no-ca"), "no-ca");
        assertUnreachable(
                SharedDaemon.Running.at(daemon.https(), "board", "ls", "--token-file", folder + "/no-token"),
                "no-token");
    }

    @Test
    void withoutADaemonItIsSaidWhatToDo() {
        CommandRun run = SharedDaemon.Running.at("unix:" + folder + "/none.sock", "vgpu", "ls");

        assertUnreachable(run, "No daemon answers at unix:" + folder + "/none.sock");
        assertThat(run.err())
                .singleElement()
                .asString()
                .contains("systemctl start nacred", "nacre daemon", "--host", "NACRE_HOST");
    }

    @Test
    void whatDoesNotSpeakHttpIsNoDaemon() throws Exception {
        assertUnreachable(answered("hello\r\n\r\n"), "No daemon answers");
    }

    @Test
    void whatHangsUpIsNoDaemon() throws Exception {
        assertUnreachable(answered(""), "No daemon answers");
    }

    @Test
    void answerThatIsCutOffIsNoAnswer() throws Exception {
        assertUnreachable(
                answered("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"),
                "No daemon answers");
    }

    @Test
    void answerThatIsNotTheApisIsNoAnswer() throws Exception {
        assertUnreachable(answered("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"), "No daemon answers");
        assertUnreachable(answered("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"), "502");
    }

    /** What a command makes of a server that answers so and hangs up. */
    private CommandRun answered(String answer) throws Exception {
        Path socket = folder.resolve("s");
        Files.deleteIfExists(socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread thread = Thread.ofVirtual().start(() -> answer(server, answer));
            CommandRun run = SharedDaemon.Running.at("unix:" + socket, "board", "ls");
            server.close();
            thread.join();
            return run;
        }
    }

    private static void answer(ServerSocketChannel server, String answer) {
        try (SocketChannel client = server.accept();
                OutputStream out = Channels.newOutputStream(client)) {
            out.write(answer.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            client.shutdownOutput();
            client.read(ByteBuffer.allocate(4096));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense", "http://localhost:1", "unix:", "https://", "https://host/path", "https://u@host:1"})
    void hostThatIsNoneIsAWrongCommandLine(String host) {
        CommandRun run = SharedDaemon.Running.at(host, "vgpu", "ls");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().contains("unix:PATH or https://HOST:PORT");
    }

    private static void assertUnreachable(CommandRun run, String reason) {
        assertThat(run.code()).as(run.toString()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).singleElement().asString().contains(reason);
    }
}
