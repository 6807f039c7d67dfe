package dev.nacre.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.host.CreateVgpu;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set by JUnit
class NacredTest {
    @TempDir
    Path folder;

    private TestDaemon daemon;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @BeforeEach
    void configure() throws IOException {
        daemon = new TestDaemon(folder);
    }

    private int run(String... arguments) {
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        return Nacred.run(to, to, Map.of(), arguments);
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void rightConfigurationIsCalledRight() {
        assertThat(run("--check", "--config", daemon.config().toString())).isEqualTo(Nacred.OK);
        assertThat(said()).isEqualTo(daemon.config() + " is right: 1 board\n");
        assertThat(daemon.runtime()).doesNotExist();
    }

    @Test
    void wrongConfigurationIsToldByCheckAndByStart() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.toml"), "runtime = 1\n");

        assertThat(run("--check", "--config", bad.toString())).isEqualTo(Nacred.USAGE);
        assertThat(run("--config", bad.toString())).isEqualTo(Nacred.USAGE);
        assertThat(said()).contains(bad + ":1:1: runtime: is no text: 1; allowed: text in quotes");
    }

    @Test
    void wrongTypesAreToldByCheck() throws IOException {
        Files.createDirectory(folder.resolve("types.d"));
        Files.writeString(folder.resolve("types.d/bad.toml"), "chip = 1\n");
        Files.writeString(daemon.config(), Files.readString(daemon.config()) + "[types]\nfolder = \"types.d\"\n");

        assertThat(run("--check", "--config", daemon.config().toString())).isEqualTo(Nacred.USAGE);
        assertThat(said()).contains("types.d/bad.toml:1: chip: is not allowed");
    }

    @Test
    void wrongCommandLineIsTold() {
        assertThat(run("--conf", "x")).isEqualTo(Nacred.USAGE);
        assertThat(run("--config")).isEqualTo(Nacred.USAGE);
        assertThat(said()).contains("No such option: --conf").contains("--config needs a file");
    }

    @Test
    void damagedStateStopsTheStartAndStaysAsItIs() throws IOException {
        Path state = Files.writeString(Files.createDirectory(daemon.state()).resolve("vgpus.state"), "rubbish");

        assertThat(run("--config", daemon.config().toString())).isEqualTo(Nacred.FAILED);
        assertThat(said()).startsWith("nacred cannot start: State file does not begin as one: file=" + state);
        assertThat(state).hasContent("rubbish");
    }

    @Test
    void whatIsDefinedComesBackAfterAStop() throws IOException {
        try (Daemon first = new Daemon(ConfigReader.read(daemon.config()))) {
            first.service().create(CreateVgpu.of("a", "L40-1Q"));
            assertThat(first.unready()).isEmpty();
        }

        try (Daemon second = new Daemon(ConfigReader.read(daemon.config()))) {
            assertThat(second.service().vgpu("a").state()).isEqualTo("running");
        }
    }

    @Test
    void processServesAloneUntilItIsTerminated() throws Exception {
        Process first =
                TestDaemon.start(Nacred.class, "--config", daemon.config().toString());
        try (BufferedReader output = TestDaemon.output(first)) {
            String line = output.readLine();
            while (line != null && !line.startsWith("Ready: ")) {
                line = output.readLine();
            }
            assertThat(line)
                    .isEqualTo("Ready: 1 boards, 0 virtual GPUs, API at "
                            + daemon.runtime().resolve("nacred.sock"));

            assertThat(run("--config", daemon.config().toString())).isEqualTo(Nacred.FAILED);
            assertThat(said())
                    .isEqualTo("nacred cannot start: Another daemon has the runtime folder: folder=" + daemon.runtime()
                            + " pid=" + first.pid() + "\n");

            first.destroy();
            assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(first.exitValue()).isZero();
        } finally {
            first.destroyForcibly();
        }
    }
}
