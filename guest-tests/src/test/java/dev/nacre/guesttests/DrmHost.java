package dev.nacre.guesttests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.Daemon;
import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.host.BoardHost;
import dev.nacre.daemon.host.DrmBoard;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.drm.sysfs.ClientFolder;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.host.FileTree;
import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A daemon in this process with a board for programs of this host, and programs that find it. */
final class DrmHost implements AutoCloseable {
    // TIMEOUT: the slowest program takes some seconds; a busy machine several times that.
    private static final Duration BOUND = Duration.ofMinutes(1);
    private static final long POLL_NS = 2_000_000;

    private final Path folder;
    private final Daemon daemon;
    private long atFirst;

    /** @param driver {@code nouveau} or {@code nova} */
    DrmHost(String driver) throws IOException {
        // Short, because a socket's path has at most 107 bytes.
        folder = Files.createTempDirectory("nacre-drm");
        Path config = Files.writeString(folder.resolve("nacre.toml"), """
                runtime = "%1$s/run"
                state = "%1$s/state"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "8GiB"
                client = "drm"
                drm = "%2$s"
                """.formatted(folder, driver));
        daemon = new Daemon(ConfigReader.read(config));
        atFirst = lent();
    }

    /** Stops the daemon, while programs run. */
    void stop() {
        daemon.close();
    }

    BoardHost board() {
        return daemon.service().hosts().getFirst();
    }

    /** What the API asks. */
    VgpuOperations service() {
        return daemon.service();
    }

    Path folder() {
        return folder;
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        new ClientFolder(board().drm().map(DrmBoard::folder).orElseThrow()).addTo(environment);
        return environment;
    }

    /** Words that run a program of the kit. */
    static List<String> fromKit(KitPart part, String program, String... arguments) {
        List<String> words = new ArrayList<>(UnpackedProgram.command(Guests.root(part), "usr/bin/" + program));
        words.addAll(List.of(arguments));
        return words;
    }

    /** Runs a program to its end. */
    HostCommand.Result run(List<String> words) {
        return run(words, Map.of());
    }

    /** Runs a program to its end, with more in its environment. */
    HostCommand.Result run(List<String> words, Map<String, String> more) {
        Map<String, String> environment = environment();
        environment.putAll(more);
        return new HostCommand(words, environment, Optional.empty()).run(BOUND);
    }

    /** Starts a program, with its input and output as pipes. */
    Process start(List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment());
        return builder.start();
    }

    /** Waits until something is so; fails if it does not come to that. */
    static void await(String what, BooleanSupplier condition) {
        long endNs = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - endNs).as(what).isNegative();
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** Takes what there is now for what stays: what the core keeps from the first program of a kind for the next. */
    void takeForGranted() {
        await("no file is open", () -> board().drm().orElseThrow().files() == 0);
        atFirst = lent();
    }

    /** Waits until no file is open, and until the daemon has as many memory files and sockets as before. */
    void assertNothingIsLeft() {
        await("no file is open", () -> board().drm().orElseThrow().files() == 0);
        await("memory and sockets are as before: " + atFirst, () -> lent() <= atFirst);
    }

    /** How many memory files and sockets this process has. */
    private static long lent() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(fd -> {
                        try {
                            String what = Files.readSymbolicLink(fd).toString();
                            return what.startsWith("/memfd:") || what.startsWith("socket:");
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        daemon.close();
        FileTree.delete(folder);
    }
}
