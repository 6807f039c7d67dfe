package dev.nacre.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A configuration in a folder, and processes that run a main class with it. */
final class TestDaemon {
    private final Path folder;
    private final Path config;

    /** One board with four virtual functions, in a folder of its own. */
    TestDaemon(Path folder) throws IOException {
        this.folder = folder;
        this.config = Files.writeString(folder.resolve("nacre.toml"), """
                runtime = "run"
                state = "state"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "6GiB"
                virtual-functions = 4
                """);
    }

    Path config() {
        return config;
    }

    Path runtime() {
        return folder.resolve("run");
    }

    Path state() {
        return folder.resolve("state");
    }

    /** Starts a main class in a process of its own; what it says on its error stream comes with its output. */
    static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                root(TestDaemon.class) + ":" + root(Nacred.class) + ":" + System.getProperty("jdk.module.path", "")
                        + ":" + System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Where a class is. */
    private static Path root(Class<?> of) {
        URI file = URI.create(Objects.requireNonNull(of.getResource(of.getSimpleName() + ".class"))
                .toString());
        Path path = Path.of(file);
        for (int i = 0; i < of.getName().split("\\.").length; i++) {
            path = Objects.requireNonNull(path.getParent());
        }
        return path;
    }

    static BufferedReader output(Process process) {
        return process.inputReader(StandardCharsets.UTF_8);
    }
}
