package dev.nacre.testsupport.guest.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One run of a host program: no standard input, output and errors kept apart, bounded in time.
 *
 * @param arguments the program and its arguments
 * @param environment variables added to the inherited environment
 * @param directory the working directory, or empty for the inherited one
 */
public record HostCommand(List<String> arguments, Map<String, String> environment, Optional<Path> directory) {
    private static final long POLL_MS = 200;

    /** Copies the collections. */
    public HostCommand {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /**
     * A command in the inherited environment and directory.
     *
     * @param arguments the program and its arguments
     */
    public static HostCommand of(String... arguments) {
        return new HostCommand(List.of(arguments), Map.of(), Optional.empty());
    }

    /**
     * What a finished program left.
     *
     * @param exitStatus its exit status
     * @param output the bytes of its standard output
     * @param errors its standard error as text
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    public record Result(int exitStatus, byte[] output, String errors) {
        /** Whether the program ended with status 0. */
        public boolean ok() {
            return exitStatus == 0;
        }

        /** The standard output as text. */
        public String text() {
            return new String(output, StandardCharsets.UTF_8);
        }
    }

    /** Whether the program exists, found by starting it with {@code --version}. */
    public static boolean available(String program) {
        try {
            // TIMEOUT: a version line takes milliseconds; ten seconds only on a host that swaps.
            return HostCommand.of(program, "--version")
                    .run(Duration.ofSeconds(10))
                    .ok();
        } catch (KitException absent) {
            return false;
        }
    }

    /**
     * Runs the program to its end.
     *
     * @param bound the longest it may take
     * @throws KitException if it cannot be started, takes longer (it is killed then) or the thread is interrupted
     */
    public Result run(Duration bound) {
        return run(bound, () -> {});
    }

    /**
     * Runs the program to its end, calling back a few times a second meanwhile.
     *
     * @param bound the longest it may take
     * @param meanwhile called on this thread between two looks at the program
     * @throws KitException if it cannot be started, takes longer (it is killed then) or the thread is interrupted
     */
    public Result run(Duration bound, Runnable meanwhile) {
        try {
            Path output = Files.createTempFile("nacre", ".out");
            Path errors = Files.createTempFile("nacre", ".err");
            try {
                int status = runInto(output, errors, bound, meanwhile);
                return new Result(status, Files.readAllBytes(output), Files.readString(errors));
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw KitException.because("Cannot run " + arguments.getFirst(), e);
        }
    }

    private int runInto(Path output, Path errors, Duration bound, Runnable meanwhile) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(arguments))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        directory.ifPresent(d -> builder.directory(d.toFile()));
        Process process = builder.start();
        try {
            long endNs = System.nanoTime() + bound.toNanos();
            while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - endNs > 0) {
                    throw new KitException(
                            "%s did not finish within %d s".formatted(arguments.getFirst(), bound.toSeconds()));
                }
                meanwhile.run();
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KitException("Interrupted while " + arguments.getFirst() + " was running", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
