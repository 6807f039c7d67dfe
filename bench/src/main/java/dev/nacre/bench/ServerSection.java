package dev.nacre.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How soon {@code nacre serve} is ready and what memory it takes, beside a Java program that does nothing. */
final class ServerSection implements Section {
    private static final int ROUNDS = 5;

    // TIMEOUT: the launcher builds Nacre if it was never built by it; about a minute.
    private static final int BUILD_SECONDS = 100;

    private final Path launcher;

    ServerSection(Path launcher) {
        this.launcher = launcher;
    }

    @Override
    public void measure(Table table) throws IOException, InterruptedException {
        build();
        Samples ready = new Samples(ROUNDS);
        Samples resident = new Samples(ROUNDS);
        Samples emptyReady = new Samples(ROUNDS);
        Samples emptyResident = new Samples(ROUNDS);
        int unclean = 0;
        for (int i = 0; i < ROUNDS; i++) {
            try (StartedProcess empty = StartedProcess.start(EmptyMain.command())) {
                emptyReady.add(empty.readyMs());
                emptyResident.add(empty.residentMib());
            }
            unclean += serve(ready, resident) == 0 ? 0 : 1;
        }
        String baseline = "a Java program that does nothing";
        table.add("ready after (median of " + ROUNDS + ")", ready.median(), "ms", baseline, emptyReady.median());
        table.add("resident when ready", resident.median(), "MiB", baseline, emptyResident.median());
        table.add("ends by SIGTERM with status 0", ROUNDS - unclean, "times", "all", ROUNDS);
        if (unclean > 0) {
            throw new IOException("The server ended " + unclean + " times with another status than 0");
        }
    }

    private int serve(Samples ready, Samples resident) throws IOException, InterruptedException {
        // Short, because a socket's path has at most 107 bytes.
        Path folder = Files.createTempDirectory("nacre-bench");
        Path socket = folder.resolve("gpu.sock");
        List<String> command = List.of(launcher.toString(), "serve", "--socket", socket.toString());
        try (StartedProcess server = StartedProcess.start(command)) {
            ready.add(server.readyMs());
            resident.add(server.residentMib());
            return server.terminate();
        } finally {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        }
    }

    /** Has the launcher build what it wants to build, which is not its start. */
    private void build() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(launcher.toString(), "version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(launcher + " version takes longer than " + BUILD_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException(launcher + " version ends with " + process.exitValue());
        }
    }
}
