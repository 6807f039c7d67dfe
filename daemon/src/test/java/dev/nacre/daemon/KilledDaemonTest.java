package dev.nacre.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.api.HttpAnswer;
import dev.nacre.daemon.api.HttpLine;
import dev.nacre.daemon.state.StateFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code nacred} is killed while clients create and delete over its API: what it has answered is true after a restart, and
 * nothing is left over.
 */
class KilledDaemonTest {
    private static final int ROUNDS = 5;
    private static final int NAMES = 4;
    private static final int MOST_ANSWERS = 8;
    private static final long MOST_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    private @Nullable Process running;

    /** Creates and deletes at random, and keeps what it was answered, until the daemon is no more. */
    private static final class Client implements Runnable {
        private final Path socket;
        private final RandomGenerator random;
        private final Set<String> exist;
        private final Semaphore answers = new Semaphore(0);
        private final List<String> refusals = new ArrayList<>();
        private String unsure = "";

        Client(Path socket, RandomGenerator random, Set<String> exist) {
            this.socket = socket;
            this.random = random;
            this.exist = new TreeSet<>(exist);
        }

        @Override
        public void run() {
            try {
                while (refusals.isEmpty()) {
                    ask("v" + random.nextInt(NAMES));
                }
            } catch (IOException killed) {
                // What was asked last has happened or not.
            }
        }

        private void ask(String name) throws IOException {
            unsure = name;
            try (HttpLine line = HttpLine.to(socket)) {
                HttpAnswer answer = exist.contains(name)
                        ? line.delete("/v1/vgpus/" + name)
                        : line.post("/v1/vgpus", "{\"name\":\"" + name + "\",\"type\":\"L40-1Q\"}");
                if (answer.status() / 100 != 2) {
                    refusals.add(name + ": " + answer.text());
                } else if (!exist.remove(name)) {
                    exist.add(name);
                }
            }
            unsure = "";
            answers.release();
        }
    }

    @AfterEach
    void end() {
        if (running != null) {
            running.toHandle().destroyForcibly();
        }
    }

    @Test
    void nothingThatWasAnsweredIsLostAndNothingIsLeftOver() throws Exception {
        TestDaemon daemon = new TestDaemon(folder);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<String> exist = new TreeSet<>();
        Process process = start(daemon);
        for (int round = 0; round < ROUNDS; round++) {
            Client client = churnAndKill(daemon, process, random, exist);
            assertThat(client.refusals).as("seed %d round %d", seed, round).isEmpty();

            process = start(daemon);

            Map<String, String> states = states(daemon);
            assertThat(without(states.keySet(), client.unsure))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(without(client.exist, client.unsure));
            assertThat(states.values()).allMatch("running"::equals);
            assertThat(files(daemon.runtime().resolve("vgpus")))
                    .containsExactlyElementsOf(
                            states.keySet().stream().map(name -> name + ".sock").toList());
            assertThat(files(daemon.runtime())).containsExactly("lock", "nacred.sock", "vgpus");
            assertThat(files(daemon.state())).isSubsetOf(StateFile.NAME);
            exist = states.keySet();
        }

        process.destroy();

        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(Nacred.OK);
        assertThat(files(daemon.runtime().resolve("vgpus"))).isEmpty();
    }

    private Process start(TestDaemon daemon) throws IOException {
        Process process =
                TestDaemon.start(Nacred.class, "--config", daemon.config().toString());
        running = process;
        BufferedReader output = TestDaemon.output(process);
        StringBuilder said = new StringBuilder();
        while (!said.toString().contains("Ready: ")) {
            String line = output.readLine();
            assertThat(line).as("what it said: %s", said).isNotNull();
            said.append(line).append('\n');
        }
        return process;
    }

    private static Client churnAndKill(TestDaemon daemon, Process process, Random random, Set<String> exist)
            throws InterruptedException {
        Client client = new Client(socket(daemon), new Random(random.nextLong()), exist);
        Thread asking = Thread.ofPlatform().daemon().start(client);
        boolean answered = client.answers.tryAcquire(random.nextInt(MOST_ANSWERS), PATIENCE_SECONDS, TimeUnit.SECONDS);
        LockSupport.parkNanos(random.nextLong(MOST_DELAY_NS));
        process.toHandle().destroyForcibly();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        asking.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(asking.isAlive()).isFalse();
        assertThat(answered || !client.refusals.isEmpty()).isTrue();
        return client;
    }

    private static Path socket(TestDaemon daemon) {
        return daemon.runtime().resolve("nacred.sock");
    }

    /** The states of all virtual GPUs by their names. */
    private static Map<String, String> states(TestDaemon daemon) throws IOException {
        Map<String, String> states = new TreeMap<>();
        try (HttpLine line = HttpLine.to(socket(daemon))) {
            Object vgpus = line.get("/v1/vgpus").json().get("vgpus");
            for (Object vgpu : (List<?>) Objects.requireNonNull(vgpus)) {
                Map<?, ?> members = (Map<?, ?>) vgpu;
                states.put((String) members.get("name"), (String) members.get("state"));
            }
        }
        return states;
    }

    private static Set<String> without(Set<String> names, String unsure) {
        Set<String> sure = new TreeSet<>(names);
        sure.remove(unsure);
        return sure;
    }

    private static List<String> files(Path in) throws IOException {
        try (Stream<Path> list = Files.list(in)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
