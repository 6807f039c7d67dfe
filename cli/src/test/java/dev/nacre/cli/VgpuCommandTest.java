package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.VfioUserClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nacre vgpu}, {@code nacre board show} and {@code nacre types --folder}, with a board that is served. */
class VgpuCommandTest {
    private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    private final CompletableFuture<Integer> code = new CompletableFuture<>();
    private final StringWriter said = new StringWriter();
    private Path folder;
    private Thread serving;

    @BeforeEach
    void serve() {
        folder = temporary.resolve("v");
        serving = Thread.ofPlatform()
                .start(() -> code.complete(Main.run(
                        new PrintWriter(said, true),
                        new PrintWriter(said, true),
                        "vgpu",
                        "serve",
                        "--fb",
                        "8G",
                        "--vfs",
                        "2",
                        "--scheduling",
                        "equal-share:3",
                        "--folder",
                        folder.toString())));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!said.toString().contains("Ready: ")) {
            assertThat(code).as(() -> said.toString()).isNotDone();
            assertThat(System.nanoTime() - end).as("serves in time").isNegative();
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }

    @AfterEach
    void stop() throws Exception {
        serving.interrupt();
        assertThat(code.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void createdOneIsServedListedShownAndRemoved() {
        CommandRun created = in("vgpu", "create", "--type", "l40-2q", "--name", "a", "--uuid", UUID);
        assertThat(created.err()).isEmpty();
        assertThat(created.out()).contains("Created: a, L40-2Q, " + UUID);
        try (VfioUserClient client = VfioUserClient.connect(folder.resolve("a.sock"))) {
            assertThat(client.describe().pci()).isTrue();
        }

        assertThat(in("vgpu", "ls").out())
                .hasSize(2)
                .last()
                .asString()
                .matches("a +L40-2Q +running +0000:01:00\\.4 .* " + UUID);
        assertThat(in("vgpu", "show", UUID).out())
                .contains("name      a", "state     running", "function  0000:01:00.4")
                .anyMatch(line -> line.contains("vfio-user-pci") && line.contains("/a.sock"));
        assertThat(in("vgpu", "rm", "a").out()).containsExactly("Removed: a");

        assertThat(in("vgpu", "ls").out()).hasSize(1);
        assertThat(folder.resolve("a.sock")).doesNotExist();
    }

    @Test
    void refusalsHaveTheirCodesAndReasons() {
        assertThat(in("vgpu", "create", "--type", "2", "--name", "a"))
                .satisfies(run -> assertRefused(run, ExitCode.USAGE, "No such type: 2; there are L40-1B "));
        assertThat(in("vgpu", "create", "--type", "L40-2Q", "--name", "../a"))
                .satisfies(run -> assertRefused(run, ExitCode.USAGE, "--name ../a is not possible"));
        assertThat(in("vgpu", "create", "--type", "L40-2Q", "--name", "a", "--placement", "1"))
                .satisfies(run -> assertRefused(run, ExitCode.USAGE, "Cannot create a: "));
        assertThat(in("vgpu", "rm", "a"))
                .satisfies(run -> assertRefused(run, ExitCode.FAILED, "No such virtual GPU: a"));

        assertThat(in("vgpu", "create", "--type", "L40-2Q", "--name", "a").code())
                .isEqualTo(ExitCode.OK);
        assertThat(in("vgpu", "create", "--type", "L40-2Q", "--name", "a"))
                .satisfies(run -> assertRefused(run, ExitCode.FAILED, "Cannot create a: "));
        assertThat(in("vgpu", "create", "--type", "L40-1Q", "--name", "b"))
                .satisfies(run -> assertRefused(run, ExitCode.USAGE, "Cannot create b: "));
    }

    @Test
    void boardAndWhatItHasRoomForAreShown() {
        assertThat(in("board", "show").out())
                .contains(
                        "name      NVIDIA L40",
                        "memory    8192 MiB in segments of 128 MiB",
                        "engines   equal-share:3",
                        "types     one at a time");
        assertThat(in("types").out())
                .anyMatch(line -> line.matches("\\d+ +L40-2Q +ad102 .* 2"))
                .noneMatch(line -> line.contains("L40-48Q"));
    }

    private CommandRun in(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--folder", folder.toString()));
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static void assertRefused(CommandRun run, int code, String reason) {
        assertThat(run.code()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).singleElement().asString().startsWith("nacre: " + reason);
    }
}
