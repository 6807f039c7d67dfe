package dev.nacre.fuzz.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Runs the jcstress tests of this package, in JVMs of their own: millions of times each, in some seconds. */
final class ConcurrencyTest {
    private static final Path FOLDER = Path.of("target", "jcstress");

    // TIMEOUT: half a minute on a free machine.
    private static final int PATIENCE_MINUTES = 10;

    @Test
    void noForbiddenOutcomeIsSeen() throws Exception {
        Files.createDirectories(FOLDER);
        Path log = FOLDER.resolve("log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.openjdk.jcstress.Main"));
        command.addAll(List.of("-t", "dev.nacre.fuzz.concurrency", "-m", "sanity", "-sc", "false", "-fsm", "1"));
        command.addAll(List.of("-iters", "2", "-time", "150", "-strideSize", "128", "-strideCount", "8"));
        Process process = new ProcessBuilder(command)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();

        assertThat(ended).as("ended in time; see " + log).isTrue();
        assertThat(process.exitValue()).as("exit code; see " + log).isZero();
        assertThat(Files.readString(log)).contains("remaining tests: " + tests() + " matching");
    }

    /** How many tests there are. */
    private static long tests() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/java/dev/nacre/fuzz/concurrency"))) {
            return files.filter(file -> file.toString().contains("During")).count();
        }
    }
}
