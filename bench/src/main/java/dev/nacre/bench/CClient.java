package dev.nacre.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The client in C: compiled by the host's compiler, run as a process, and understood. */
final class CClient {
    // TIMEOUT: the compiler takes a second; a busy machine many times that.
    private static final int COMPILE_SECONDS = 60;

    // TIMEOUT: a run takes five seconds on a machine with nothing else to do.
    private static final int RUN_SECONDS = 100;

    private static final Pattern LINE = Pattern.compile("\\{\"metric\":\"(\\w+)\"(.*)}");
    private static final Pattern FIELD = Pattern.compile(",\"(\\w+)\":(?:\"([^\"]*)\"|([0-9.]+))");
    private static final String FAILED = "failed";

    private final Path program;

    private CClient(Path program) {
        this.program = program;
    }

    /**
     * Compiles it.
     *
     * @param sources its files in C
     * @param program where to put it
     * @param options more of the compiler's
     * @throws IOException if there is no C compiler, or it complains
     */
    static CClient compile(List<Path> sources, Path program, List<String> options)
            throws IOException, InterruptedException {
        Files.createDirectories(program.toAbsolutePath().getParent());
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-o", program.toString()));
        sources.forEach(source -> command.add(source.toString()));
        command.addAll(options);
        run(command, COMPILE_SECONDS);
        return new CClient(program);
    }

    /**
     * Runs it.
     *
     * @param arguments its command line
     * @return what it measured: the numbers of each metric, by {@code metric.field}
     * @throws IOException if it failed, or one of its measurements did
     */
    Map<String, Double> measure(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        return parse(run(command, RUN_SECONDS));
    }

    /**
     * Has another program run it, which may say things of its own.
     *
     * @param runner the other program's command line, before its own
     * @return as the other
     * @throws IOException likewise
     */
    Map<String, Double> measureBy(List<String> runner) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(runner);
        command.add(program.toString());
        return parse(run(command, RUN_SECONDS)
                .lines()
                .filter(line -> line.startsWith("{"))
                .collect(Collectors.joining("\n")));
    }

    /** Reads its output. */
    static Map<String, Double> parse(String output) throws IOException {
        Map<String, Double> values = new HashMap<>();
        for (String line : output.lines().toList()) {
            Matcher metric = LINE.matcher(line);
            if (!metric.matches()) {
                throw new IOException("The client said: " + line);
            }
            Matcher field = FIELD.matcher(metric.group(2));
            while (field.find()) {
                if (field.group(1).equals(FAILED)) {
                    throw new IOException(metric.group(1) + " failed: " + field.group(2));
                }
                values.put(metric.group(1) + "." + field.group(1), Double.valueOf(field.group(3)));
            }
        }
        return values;
    }

    /** What a process prints, bounded in time. */
    private static String run(List<String> command, int seconds) throws IOException, InterruptedException {
        Path printed = Files.createTempFile("nacre-bench", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IOException("Still runs after " + seconds + " s: " + String.join(" ", command));
            }
            String text = Files.readString(printed, StandardCharsets.UTF_8);
            if (process.exitValue() != 0) {
                throw new IOException(command.getFirst() + " ended with " + process.exitValue() + ": " + text.strip());
            }
            return text;
        } finally {
            process.destroyForcibly();
            Files.deleteIfExists(printed);
        }
    }
}
