package dev.nacre.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A packaged daemon with one board, by its own sockets and state. Closing it kills it if it still runs. */
final class DaemonProcess implements AutoCloseable {
    // TIMEOUT: the goal is less than a second; a busy machine takes many times that.
    private static final long START_NS = TimeUnit.SECONDS.toNanos(20);

    // TIMEOUT: an orderly end takes less than a second, an answer too.
    private static final int END_SECONDS = 15;

    private static final long PAUSE_NS = 2_000_000;

    // HW: USER_HZ of Linux on x86-64, the unit of /proc/PID/stat.
    private static final double MS_PER_TICK = 10;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final UnpackedPackage unpacked;
    private final Path folder;
    private final Process process;
    private final double readyMs;

    private DaemonProcess(UnpackedPackage unpacked, Path folder) throws IOException {
        this.unpacked = unpacked;
        this.folder = folder;
        Path configuration = folder.resolve("nacre.toml");
        Files.writeString(configuration, """
                runtime = "%s"
                state = "%s"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "48GiB"
                """.formatted(folder.resolve("runtime"), folder.resolve("state")));
        long start = System.nanoTime();
        process = new ProcessBuilder(unpacked.nacred().toString(), "--config", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        while (!isReady()) {
            if (!process.isAlive() || System.nanoTime() - start > START_NS) {
                process.destroyForcibly();
                throw new IOException("The daemon is not ready: " + Files.readString(folder.resolve("log")));
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        readyMs = (System.nanoTime() - start) / 1e6;
    }

    /** Starts one and waits until its API says that it is ready. */
    static DaemonProcess start(UnpackedPackage unpacked) throws IOException {
        return new DaemonProcess(unpacked, Files.createTempDirectory("nacred"));
    }

    private Path socket() {
        return folder.resolve("runtime/nacred.sock");
    }

    private boolean isReady() {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket()));
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
    double readyMs() {
        return readyMs;
    }

    /** How long the command line takes from its start to its end to list the virtual GPUs, in milliseconds. */
    double answerMs() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process nacre = new ProcessBuilder(unpacked.nacre().toString(), "--host", "unix:" + socket(), "vgpu", "ls")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!nacre.waitFor(END_SECONDS, TimeUnit.SECONDS) || nacre.exitValue() != 0) {
            nacre.destroyForcibly();
            throw new IOException("nacre vgpu ls did not end well");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** The processor time that it has taken, in milliseconds. */
    double processorMs() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // What stands before the last bracket is the name, which may hold anything.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return MS_PER_TICK * (Long.parseLong(words[USER_TICKS]) + Long.parseLong(words[SYSTEM_TICKS]));
    }

    /** Memory that it has in use now, in MiB. */
    double residentMib() throws IOException {
        return StartedProcess.residentMib(process);
    }

    /** Ends it by SIGTERM. */
    void terminate() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("Still runs " + END_SECONDS + " s after SIGTERM");
        }
        if (process.exitValue() != 0) {
            throw new IOException("Ended with " + process.exitValue());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(END_SECONDS, TimeUnit.SECONDS);
            UnpackedPackage.remove(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
