package dev.nacre.cli;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.NativeException;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.linux.UnixSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Questions to a running process: a UNIX socket, open to its owner only. One question a connection: a line of words that
 * tabs divide. The answer ends with the stream: a line that is {@code ok} or an exit code, and then text, which says what
 * is wrong if it is not {@code ok}.
 */
final class ControlSocket implements AutoCloseable {
    private static final int MAX_QUESTION_BYTES = 1024;
    private static final String OK = "ok";

    // TIMEOUT: a client says its question and takes its answer at once; one that does not keeps the others waiting.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int OWNER_ONLY = 0600;
    private static final int BACKLOG = 4;

    private final Path path;
    private final Fd listener;
    private final Optional<FileStat> bound;
    private volatile boolean closed;

    /** Where the control socket of the board at {@code boardSocket} is. */
    static Path beside(Path boardSocket) {
        return boardSocket.resolveSibling(boardSocket.getFileName() + ".control");
    }

    /**
     * Listens and answers each question by {@code answer}, one after the other, until closed.
     *
     * @param answer takes a question's words; what it throws is the answer, with its code if it is a
     *     {@link CommandException}
     * @throws CommandException if something else is at the path; it is left alone
     */
    ControlSocket(Path path, Function<List<String>, String> answer) {
        this.path = path;
        try {
            this.listener = UnixSocket.listen(path, OWNER_ONLY, BACKLOG);
        } catch (NativeException | IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.ENVIRONMENT, "Cannot listen at " + path + ": " + e.getMessage() + "; try --socket PATH");
        }
        this.bound = FileStat.of(path);
        listener.setNonBlocking(false);
        Thread.ofPlatform().daemon().name("nacre-control").start(() -> serve(answer));
    }

    /**
     * Puts a question to a running process.
     *
     * @return the text of its answer
     * @throws CommandException with what it says if it is not content
     * @throws IOException if nobody answers
     */
    static String ask(Path path, List<String> words) throws IOException {
        byte[] question = (String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8);
        if (question.length > MAX_QUESTION_BYTES || words.stream().anyMatch(ControlSocket::hasControl)) {
            throw new CommandException(ExitCode.USAGE, "Too long, or characters that nothing has: " + words);
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer bytes = ByteBuffer.wrap(question);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return content(new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static boolean hasControl(String word) {
        return word.chars().anyMatch(Character::isISOControl);
    }

    private static String content(String answer) throws IOException {
        int end = answer.indexOf('\n');
        String status = end < 0 ? "" : answer.substring(0, end);
        String text = answer.substring(end + 1);
        if (status.equals(OK)) {
            return text;
        }
        try {
            throw new CommandException(Integer.parseInt(status), text.strip());
        } catch (NumberFormatException e) {
            throw new IOException("the answer is cut off", e);
        }
    }

    /** The listener belongs to this thread: closing only shuts it down, which wakes the accept. */
    private void serve(Function<List<String>, String> answer) {
        try (listener) {
            while (!closed) {
                Optional<Fd> client = UnixSocket.accept(listener);
                client.ifPresent(fd -> answer(fd, answer));
            }
        } catch (NativeException e) {
            if (!closed) {
                log("Control socket has ended", e);
            }
        }
    }

    private static void answer(Fd client, Function<List<String>, String> answer) {
        try (FdSocket socket = new FdSocket(client, 1);
                Arena arena = Arena.ofConfined()) {
            socket.receiveWithin(PATIENCE);
            socket.sendWithin(PATIENCE);
            byte[] text = answer(question(socket, arena), answer).getBytes(StandardCharsets.UTF_8);
            MemorySegment bytes = arena.allocate(text.length);
            MemorySegment.copy(text, 0, bytes, ValueLayout.JAVA_BYTE, 0, text.length);
            socket.send(bytes, 0, text.length);
        } catch (RuntimeException e) {
            log("Control connection failed", e);
        }
    }

    private static String answer(String question, Function<List<String>, String> answer) {
        try {
            return OK + "\n" + answer.apply(List.of(question.split("\t", -1)));
        } catch (CommandException e) {
            return e.exitCode() + "\n" + e.getMessage();
        } catch (RuntimeException e) {
            log("A question could not be answered", e);
            return ExitCode.FAILED + "\n" + e;
        }
    }

    /** What comes before the first end of a line, or the most that a question may be. */
    private static String question(FdSocket socket, Arena arena) {
        MemorySegment bytes = arena.allocate(MAX_QUESTION_BYTES);
        ReceivedFds none = new ReceivedFds(1);
        int count = 0;
        long more = 1;
        while (more > 0 && count < MAX_QUESTION_BYTES) {
            more = socket.receive(bytes, count, MAX_QUESTION_BYTES - count, none);
            none.close();
            for (long end = count + more; count < end; count++) {
                if (bytes.get(ValueLayout.JAVA_BYTE, count) == '\n') {
                    return text(bytes, count);
                }
            }
        }
        return text(bytes, count);
    }

    private static String text(MemorySegment bytes, int count) {
        return new String(bytes.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static void log(String what, RuntimeException e) {
        System.getLogger(ControlSocket.class.getName()).log(System.Logger.Level.DEBUG, what, e);
    }

    @Override
    public void close() {
        closed = true;
        UnixSocket.shutdown(listener);
        bound.ifPresent(file -> UnixSocket.remove(path, file));
    }
}
