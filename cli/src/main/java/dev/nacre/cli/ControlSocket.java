package dev.nacre.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Function;

/**
 * Questions to a running {@code nacre serve}: a UNIX socket beside the board's, open to its owner only. One question a
 * connection: a line; the answer is text up to the end of the stream.
 */
final class ControlSocket implements AutoCloseable {
    private static final int MAX_QUESTION_CHARS = 256;

    private final Path path;
    private final ServerSocketChannel listener;
    private final Thread thread;

    /** Where the control socket of the board at {@code boardSocket} is. */
    static Path beside(Path boardSocket) {
        return boardSocket.resolveSibling(boardSocket.getFileName() + ".control");
    }

    /** Listens and answers each question by {@code answer}, until closed. */
    ControlSocket(Path path, Function<String, String> answer) throws IOException {
        this.path = path;
        Files.deleteIfExists(path);
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        this.thread = Thread.ofPlatform().daemon().name("nacre-control").unstarted(() -> serve(answer));
        thread.start();
    }

    /** Puts a question to a running board. */
    static String ask(Path path, String question) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            send(channel, question + "\n");
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void serve(Function<String, String> answer) {
        while (listener.isOpen()) {
            try (SocketChannel channel = listener.accept()) {
                send(channel, answer.apply(question(channel)));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException e) {
                System.getLogger(ControlSocket.class.getName())
                        .log(System.Logger.Level.DEBUG, "Control connection failed", e);
            }
        }
    }

    private static String question(SocketChannel channel) throws IOException {
        var reader =
                new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
        StringBuilder text = new StringBuilder();
        for (int c = reader.read(); c >= 0 && c != '\n' && text.length() < MAX_QUESTION_CHARS; c = reader.read()) {
            text.append((char) c);
        }
        return text.toString();
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        Files.deleteIfExists(path);
    }
}
