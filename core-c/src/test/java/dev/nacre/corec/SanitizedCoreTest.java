package dev.nacre.corec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.bus.LocalFunction;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The C core built with the address and the undefined behaviour sanitizer, each run in a process of its own: programs in C
 * that test its parts, and the whole kit on a board.
 */
class SanitizedCoreTest {
    private static final String LIBRARY = "libnacre_core_sanitized.so";

    @TempDir
    private Path folder;

    static Stream<String> programs() throws IOException {
        try (Stream<Path> sources = Files.list(Path.of("src", "test", "c"))) {
            return sources
                    .map(source -> source.getFileName().toString())
                    .filter(name -> name.endsWith("_test.c"))
                    .map(name -> name.substring(0, name.length() - ".c".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void programEndsWithoutAComplaint(String program) throws Exception {
        assertThat(run(List.of(TestLibrary.program(program)), Map.of())).isEmpty();
    }

    @Test
    void kitFindsNothingOnABoard() throws Exception {
        List<String> lines = run(
                List.of(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        classPath(),
                        SanitizedCoreTest.class.getName()),
                Map.of(
                        "LD_PRELOAD",
                        run(List.of("gcc", "-print-file-name=libasan.so"), Map.of())
                                .getFirst(),
                        // The JVM catches its own faults, and frees nothing at its end.
                        "ASAN_OPTIONS",
                        "detect_leaks=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:allow_user_segv_handler=1"));

        assertThat(lines).noneMatch(line -> line.contains(" failed ")).contains("vgpu_start ok");
        assertThat(lines).filteredOn(line -> line.endsWith(" ok")).hasSizeGreaterThan(25);
    }

    /** In the child: runs the kit on the sanitized core, and prints its lines. */
    public static void main(String[] arguments) throws Throwable {
        CoreLibrary library = new CoreLibrary(TestLibrary.load(LIBRARY));
        try (Board board = BootedBoard.sharedBoard();
                LocalFunction function = new LocalFunction(board);
                NativeCore core = library.open(function, BootedBoard.config(Chip.AD102))) {
            BootedBoard.enableVfs(function);
            TckInC.run(library.ops(), core.pointer()).forEach(System.out::println);
        }
    }

    private static String classPath() {
        List<String> parts = new ArrayList<>();
        parts.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            String path = System.getProperty(property);
            if (path != null) {
                parts.add(path);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    /** Runs a program that has to succeed; gives the lines that it printed. */
    private List<String> run(List<String> command, Map<String, String> environment) throws Exception {
        Path said = Files.createTempFile(folder, "said", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            // TIMEOUT: some ten times what it takes on an idle machine
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(said);
        assertThat(process.exitValue()).as("%s: %s", command.getFirst(), lines).isZero();
        return lines;
    }
}
