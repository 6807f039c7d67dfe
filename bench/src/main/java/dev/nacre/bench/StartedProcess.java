package dev.nacre.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A process that says when it is ready, by a line. Closing it kills it if it still runs. */
final class StartedProcess implements AutoCloseable {
    /** How the line begins. */
    static final String READY = "Ready:";

    // TIMEOUT: a JVM starts in less than a second; a busy machine takes many times that.
    private static final int START_SECONDS = 15;

    // TIMEOUT: a server's orderly end takes a second; it gives itself ten.
    private static final int END_SECONDS = 15;

    private static final String RSS = "VmRSS:";

    private final Process process;
    private final double readyMs;

    private StartedProcess(Process process, double readyMs) {
        this.process = process;
        this.readyMs = readyMs;
    }

    /**
     * Starts one and waits until it is ready.
     *
     * @throws IOException if it ends before, or takes too long
     */
    static StartedProcess start(List<String> command) throws IOException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Boolean> ready = CompletableFuture.supplyAsync(
                () -> readUntilReady(process),
                task -> Thread.ofPlatform().daemon().name("bench-output").start(task));
        if (!ready.completeOnTimeout(false, START_SECONDS, TimeUnit.SECONDS).join()) {
            process.destroyForcibly();
            throw new IOException("Not ready, or not within " + START_SECONDS + " s: " + String.join(" ", command));
        }
        return new StartedProcess(process, (System.nanoTime() - start) / 1e6);
    }

    private static boolean readUntilReady(Process process) {
        try {
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(READY)) {
                    return true;
                }
            }
        } catch (IOException e) {
            // As if it had ended.
        }
        return false;
    }

    /** Milliseconds from its start until it was ready. */
    double readyMs() {
        return readyMs;
    }

    /** Memory that it has in use now, in MiB; of the process itself, not of those it started. */
    double residentMib() throws IOException {
        return residentMib(process);
    }

    /** The same of any process. */
    static double residentMib(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(RSS)) {
                return Long.parseLong(
                                line.substring(RSS.length()).replace("kB", "").strip())
                        / 1024.0;
            }
        }
        throw new IOException("No " + RSS + " in " + status);
    }

    /**
     * Ends it by SIGTERM.
     *
     * @return its exit status
     */
    int terminate() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("Still runs " + END_SECONDS + " s after SIGTERM");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
