package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code nacre board}, {@code types}, {@code lspci}, {@code unknown-registers}, {@code smi}, {@code top}, {@code health}. */
@ExtendWith(SharedDaemon.class)
class BoardCommandTest {
    private final SharedDaemon.Running daemon;

    BoardCommandTest(SharedDaemon.Running daemon) {
        this.daemon = daemon;
    }

    @Test
    void boardIsListedAndShown() {
        assertThat(daemon.run("board", "ls").out())
                .hasSize(2)
                .last()
                .asString()
                .matches("gpu0 +ad102 +NVIDIA L40 +running +vfio +java +8192 MiB .*");
        assertThat(daemon.run("board", "show").out())
                .contains(
                        "name       gpu0",
                        "memory     8192 MiB in segments of 128 MiB",
                        "types      one at a time",
                        "faults     none");
        assertThat(daemon.run("board", "show", "gpu0").out())
                .contains("name       gpu0")
                .anyMatch(line -> line.matches("sensors +\\d+ C, \\d+ W of 300 W, P\\d, graphics \\d+ MHz, .*"));
    }

    @Test
    void typesThatThereIsRoomForAreListedAlone() {
        assertThat(daemon.run("types").out()).anyMatch(line -> line.contains(" L40-48Q "));
        assertThat(daemon.run("types", "--creatable", "--board", "gpu0").out())
                .anyMatch(line -> line.matches(" *\\d+ +L40-2Q +ad102 .* 3 on gpu0"))
                .noneMatch(line -> line.contains(" L40-48Q "));
    }

    @Test
    void functionsAreShownWithTheirDrivers() {
        CommandRun run = daemon.run("lspci");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().getFirst()).startsWith("0000:01:00.0 03").endsWith(": 10de:26b5 (rev a1)");
        assertThat(run.out()).contains("    driver: nacre-core", "    driver: nvidia-vgpu-vfio");
        assertThat(run.out()).filteredOn(line -> line.startsWith("0000:01:00.")).hasSize(5);
    }

    @Test
    void whatIsNotModelledIsListed() {
        assertThat(daemon.run("unknown-registers").out())
                .anyMatch(line -> line.startsWith("REGISTER "))
                .anyMatch(line -> line.startsWith("CALLS "));
    }

    @Test
    void boardsAndVirtualGpusAreInOneBox() {
        assertThat(daemon.run("vgpu", "create", "--type", "L40-2Q", "--name", "smi")
                        .code())
                .isEqualTo(ExitCode.OK);
        try {
            assertThat(daemon.run("smi").out().stream().skip(1))
                    .allMatch(line -> line.length() == 79, "as wide as the others")
                    .anyMatch(line -> line.startsWith("| gpu0  NVIDIA L40 "))
                    .anyMatch(line -> line.matches("\\|   \\d+C  P\\d .*\\d+W / 300W .*MHz \\|"))
                    .anyMatch(line -> line.startsWith("|   smi  L40-2Q "));
            assertThat(daemon.run("top", "--count", "2", "--interval", "0.1").out())
                    .filteredOn(line -> line.startsWith("|   smi  L40-2Q "))
                    .hasSize(2);
        } finally {
            daemon.run("vgpu", "rm", "smi");
        }
    }

    @Test
    void intervalThatIsNoneIsRefused() {
        assertThat(daemon.run("top", "--interval", "0").code()).isEqualTo(ExitCode.USAGE);
        assertThat(daemon.run("top", "--interval", "NaN").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void healthIsToldWithTheVersion() {
        CommandRun run = daemon.run("health");

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .hasSize(2)
                .contains("ready   yes")
                .first()
                .asString()
                .contains("API 1");
    }

    @Test
    void boardCannotHaveTheFaultsOfVirtualGpus() {
        CommandRun run = daemon.run("board", "fault", "--kind", "unplug");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().contains("gpu-lost");
    }

    @Test
    void boardIsResetAndTheOnlyOneUnlessNamed() {
        assertThat(daemon.run("board", "reset").out()).containsExactly("Reset: gpu0");
        assertThat(daemon.run("board", "reset", "gpu0", "--json").out())
                .singleElement()
                .asString()
                .startsWith("{\"name\":\"gpu0\"")
                .contains("\"state\":\"running\"");
    }

    @Test
    void boardThatIsUsedIsNotReset() {
        daemon.run("vgpu", "create", "--type", "L40-2Q", "--name", "user");
        try {
            CommandRun run = daemon.run("board", "reset", "gpu0");

            assertThat(run.code()).isEqualTo(ExitCode.FAILED);
            assertThat(run.err()).singleElement().asString().endsWith("Board gpu0 is in use: vgpus=user");
        } finally {
            daemon.run("vgpu", "rm", "user");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "board ls --json          | {\"boards\":[{\"name\":\"gpu0\",\"chip\":\"ad102\"",
                "board show --json        | {\"name\":\"gpu0\",\"chip\":\"ad102\"",
                "types --json             | {\"types\":[{\"id\":",
                "lspci --json             | {\"functions\":[{\"address\":\"0000:01:00.0\"",
                "unknown-registers --json | {\"registers\":["
            })
    void jsonIsTheApisOwn(String words, String begin) {
        CommandRun run = daemon.run(words.split(" ", -1));

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).singleElement().asString().startsWith(begin).endsWith("}");
    }

    @ParameterizedTest
    @CsvSource({"board show nope", "board reset nope", "lspci nope", "unknown-registers nope", "types --board nope"})
    void boardThatThereIsNotIsToldWithThoseThatThereAre(String words) {
        CommandRun run = daemon.run(words.split(" ", -1));

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).singleElement().asString().contains("nope").contains("gpu0");
    }
}
