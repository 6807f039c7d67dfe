package dev.nacre.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.daemon.state.StateFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon is killed while it creates and deletes: what it has told is true after a restart, and nothing is left over. */
class KilledDaemonTest {
    private static final int ROUNDS = 4;
    private static final int MOST_LINES = 16;
    private static final long MOST_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(40);

    @TempDir
    Path folder;

    /** What the killed one has told. */
    private static final class Told {
        private final Set<String> exist = new TreeSet<>();
        private String unsure = "";

        void take(String line) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "creating", "deleting" -> unsure = words[1];
                case "created" -> settle(exist.add(words[1]));
                case "deleted" -> settle(exist.remove(words[1]));
                case "ready" -> {}
                default -> {
                    // Its log.
                }
            }
        }

        private void settle(boolean possible) {
            assertThat(possible).isTrue();
            unsure = "";
        }
    }

    @Test
    void nothingThatWasToldIsLostAndNothingIsLeftOver() throws Exception {
        TestDaemon daemon = new TestDaemon(folder);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Told told = new Told();
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(daemon, random, told);

            try (Daemon again = new Daemon(ConfigReader.read(daemon.config()))) {
                List<VgpuView> vgpus = again.service().vgpus();
                Set<String> names =
                        new TreeSet<>(vgpus.stream().map(VgpuView::name).toList());
                Set<String> sure = new TreeSet<>(names);
                sure.remove(told.unsure);
                told.exist.remove(told.unsure);
                assertThat(sure).as("seed %d round %d", seed, round).isEqualTo(told.exist);
                assertThat(vgpus).allSatisfy(vgpu -> assertThat(vgpu.state()).isEqualTo("running"));
                assertThat(files(daemon.runtime().resolve("vgpus")))
                        .containsExactlyElementsOf(
                                names.stream().map(name -> name + ".sock").toList());
                assertThat(files(daemon.runtime())).containsExactly("lock", "nacred.sock", "vgpus");
                assertThat(files(daemon.state())).isSubsetOf(StateFile.NAME);
                told.exist.clear();
                told.exist.addAll(names);
            }
            assertThat(files(daemon.runtime().resolve("vgpus"))).isEmpty();
        }
    }

    private static void runAndKill(TestDaemon daemon, Random random, Told told) throws Exception {
        Process process =
                TestDaemon.start(RestlessMain.class, daemon.config().toString(), Long.toString(random.nextLong()));
        try (BufferedReader output = TestDaemon.output(process)) {
            int lines = 1 + random.nextInt(MOST_LINES);
            String line = output.readLine();
            for (int i = 0; i < lines && line != null; i++) {
                told.take(line);
                line = output.readLine();
            }
            LockSupport.parkNanos(random.nextLong(MOST_DELAY_NS));
            // By its handle, which leaves what it has said readable.
            process.toHandle().destroyForcibly();
            while (line != null) {
                told.take(line);
                line = output.readLine();
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    private static List<String> files(Path in) throws IOException {
        try (Stream<Path> list = Files.list(in)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
