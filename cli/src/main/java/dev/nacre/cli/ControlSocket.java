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
import java.util.Optional;
import java.util.function.Function;

/**
 * Questions to a running {@code nacre serve}: a UNIX socket beside the board's, open to its owner only. One question a
 * connection: a line; the answer is text up to the end of the stream.
 */
final class ControlSocket implements AutoCloseable {
    private static final int MAX_QUESTION_BYTES = 256;
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
     * Listens and answers each question by {@code answer}, until closed.
     *
     * @throws CommandException if something else is at the path; it is left alone
     */
    ControlSocket(Path path, Function<String, String> answer) {
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

    /** Puts a question to a running board. */
    static String ask(Path path, String question) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            ByteBuffer bytes = ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The listener belongs to this thread: closing only shuts it down, which wakes the accept. */
    private void serve(Function<String, String> answer) {
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

    private static void answer(Fd client, Function<String, String> answer) {
        try (FdSocket socket = new FdSocket(client, 1);
                Arena arena = Arena.ofConfined()) {
            byte[] text = answer.apply(question(socket, arena)).getBytes(StandardCharsets.UTF_8);
            MemorySegment bytes = arena.allocate(Math.max(1, text.length));
            MemorySegment.copy(text, 0, bytes, ValueLayout.JAVA_BYTE, 0, text.length);
            socket.send(bytes, 0, text.length);
        } catch (RuntimeException e) {
            log("Control connection failed", e);
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
