package dev.nacre.packaging;

import dev.nacre.testsupport.guest.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The daemon of an installed package, started by hand as where there is no systemd. Closing it kills it. */
final class InstalledDaemon implements AutoCloseable {
    // TIMEOUT: a start takes a second; a busy machine takes many times that.
    private static final long READY_NS = TimeUnit.SECONDS.toNanos(90);

    // TIMEOUT: an orderly end takes less than a second.
    private static final int END_SECONDS = 60;

    private final Path bin;
    private final Path folder;
    private final Process process;

    private InstalledDaemon(Path bin, Path folder, Process process) {
        this.bin = bin;
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param bin where {@code nacre} and {@code nacred} are
     * @param folder an empty folder of a short path, for its sockets and its state
     * @param javaOptions for its JVM
     */
    static InstalledDaemon start(Path bin, Path folder, String javaOptions) throws IOException {
        Path configuration = folder.resolve("nacre.toml");
        Files.writeString(configuration, """
                runtime = "%s"
                state = "%s"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "8GiB"
                """.formatted(folder.resolve("runtime"), folder.resolve("state")));
        ProcessBuilder builder = new ProcessBuilder(
                        bin.resolve("nacred").toString(), "--config", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().put("NACRED_JAVA_OPTIONS", javaOptions);
        InstalledDaemon daemon = new InstalledDaemon(bin, folder, builder.start());
        try {
            daemon.awaitAnswer();
        } catch (IOException | RuntimeException | Error e) {
            daemon.close();
            throw e;
        }
        return daemon;
    }

    private void awaitAnswer() throws IOException {
        long end = System.nanoTime() + READY_NS;
        while (!nacre("vgpu", "ls").ok()) {
            if (!process.isAlive() || System.nanoTime() - end > 0) {
                throw new AssertionError("The daemon does not answer: " + Files.readString(folder.resolve("log")));
            }
        }
    }

    /** Runs the command line against it. */
    HostCommand.Result nacre(String... arguments) {
        return nacre(Map.of(), arguments);
    }

    /** The same with some more variables. */
    HostCommand.Result nacre(Map<String, String> environment, String... arguments) {
        List<String> words = new ArrayList<>(
                List.of(bin.resolve("nacre").toString(), "--host", "unix:" + folder.resolve("runtime/nacred.sock")));
        words.addAll(List.of(arguments));
        return Commands.attempt(environment, words.toArray(String[]::new));
    }

    /**
     * Ends it by SIGTERM.
     *
     * @return its exit status
     */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("Still runs " + END_SECONDS + " s after SIGTERM");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
