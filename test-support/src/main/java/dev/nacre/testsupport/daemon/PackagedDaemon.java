package dev.nacre.testsupport.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The daemon of a package, unpacked or installed, started by hand as where there is no systemd: one board, and sockets
 * and state of its own. Closing it kills it if it still runs.
 */
public final class PackagedDaemon implements AutoCloseable {
    // TIMEOUT: a start takes less than a second; a busy machine takes many times that.
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(90);

    // TIMEOUT: an orderly end takes less than a second.
    private static final int END_SECONDS = 60;

    private static final long PAUSE_NS = 2_000_000;

    private final Path bin;
    private final Path folder;
    private final Process process;
    private final double readyMs;

    private PackagedDaemon(Path bin, Path folder, Process process, double readyMs) {
        this.bin = bin;
        this.folder = folder;
        this.process = process;
        this.readyMs = readyMs;
    }

    /**
     * Starts it and waits until its API says that it is ready.
     *
     * @param bin where {@code nacre} and {@code nacred} are
     * @param folder an empty folder of a short path, for its sockets and its state; stays when it is closed
     * @param environment variables besides those of this process
     * @throws IOException with what it said, if it ends before or takes too long
     */
    public static PackagedDaemon start(Path bin, Path folder, Map<String, String> environment) throws IOException {
        Path configuration = folder.resolve("nacre.toml");
        Files.writeString(configuration, """
                runtime = "%s"
                state = "%s"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "48GiB"
                """.formatted(folder.resolve("runtime"), folder.resolve("state")));
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(
                        bin.resolve("nacred").toString(), "--config", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        while (!isReady(socket(folder))) {
            if (!process.isAlive() || System.nanoTime() - start > READY_NS) {
                process.destroyForcibly();
                throw new IOException("The daemon is not ready: " + Files.readString(log));
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        return new PackagedDaemon(bin, folder, process, (System.nanoTime() - start) / 1e6);
    }

    private static Path socket(Path folder) {
        return folder.resolve("runtime/nacred.sock");
    }

    private static boolean isReady(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("GET /readyz HTTP/1.1\r\nHost: nacre\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer head = ByteBuffer.allocate("HTTP/1.1 200".length());
            while (head.hasRemaining() && channel.read(head) >= 0) {}
            return new String(head.array(), StandardCharsets.US_ASCII).endsWith(" 200");
        } catch (IOException e) {
            // It does not listen yet.
            return false;
        }
    }

    /** Milliseconds from its start until it was ready. */
    public double readyMs() {
        return readyMs;
    }

    /** Its process. */
    public Process process() {
        return process;
    }

    /**
     * The words of a command line against it.
     *
     * @param arguments what follows {@code nacre --host ADDRESS}
     */
    public List<String> nacre(String... arguments) {
        return Stream.concat(
                        Stream.of(bin.resolve("nacre").toString(), "--host", "unix:" + socket(folder)),
                        Stream.of(arguments))
                .toList();
    }

    /**
     * Ends it by SIGTERM.
     *
     * @return its exit status
     * @throws IOException if it still runs a minute later
     */
    public int terminate() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("Still runs " + END_SECONDS + " s after SIGTERM");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
