package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoreProbeCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void gpuOfItsOwnIsBootedAndDescribed(String core) {
        CommandRun run = CommandRun.of("core", "probe", "--core", core);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().getFirst()).isEqualTo("core      " + core);
        assertThat(run.out())
                .contains("chip      AD102", "name      NVIDIA L40", "firmware  570.144")
                .anyMatch(line -> line.startsWith("uuid      GPU-"))
                .anyMatch(line -> line.startsWith("memory    2048 MiB, ECC "))
                .anyMatch(line -> line.matches("region    0x[0-9a-f]{10}, \\d+ [MK]iB"))
                .anyMatch(line -> line.matches("segments  (none|\\d+ MiB)"))
                .anyMatch(line -> line.matches("channels  \\d+, \\d+ of them for virtual GPUs"))
                .anyMatch(line -> line.matches("engines   gr0 ce0 .*"));
    }

    @ParameterizedTest
    @EnumSource(Chip.class)
    void coresSayTheSameButForTheirOwnLine(Chip chip) {
        CommandRun java = CommandRun.of("core", "probe", "--chip", chip.id(), "--core", "java");
        CommandRun c = CommandRun.of("core", "probe", "--chip", chip.id(), "--core", "c");

        assertThat(java.code()).isEqualTo(ExitCode.OK);
        if (c.code() == ExitCode.OK) {
            assertThat(behindTheFirst(c)).isEqualTo(behindTheFirst(java)).isNotEmpty();
        } else {
            assertThat(c.err())
                    .singleElement()
                    .asString()
                    .contains("which boots AD102")
                    .contains(chip.id());
        }
    }

    @Test
    void capabilitiesAreToldWhenAskedFor() {
        CommandRun java = CommandRun.of("core", "probe", "--core", "java", "--capabilities");
        CommandRun c = CommandRun.of("core", "probe", "--core", "c", "--capabilities");

        assertThat(java.out().getLast())
                .startsWith("can       GSP_CLIENT_ALLOC ")
                .contains("FB_MEM_ALLOC", "CHANNELS");
        assertThat(c.out().getLast())
                .startsWith("can       GSP_CLIENT_ALLOC ")
                .contains("FB_MEM_ALLOC")
                .doesNotContain("CHANNELS");
    }

    private static List<String> behindTheFirst(CommandRun run) {
        return run.out().subList(1, run.out().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void servedGpuIsLeftAsItWasSoThatItCanBeProbedAgain(String core) throws IOException {
        try (ServedBoard served = ServedBoard.startInOwnFolder(BoardConfig.of(Chip.AD102))) {
            String socket = served.socket().toString();
            CommandRun first = CommandRun.of("core", "probe", "--socket", socket, "--core", core);

            CommandRun second = CommandRun.of("core", "probe", "--core", core, "--socket", socket);

            assertThat(first.err()).isEmpty();
            assertThat(first.code()).isEqualTo(ExitCode.OK);
            assertThat(second).isEqualTo(first);
        }
    }

    @Test
    void coreThatDoesNotExistIsNamedWithThoseThatDo() {
        CommandRun run = CommandRun.of("core", "probe", "--core", "rust");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .singleElement()
                .isEqualTo("nacre: --core rust is not possible: There is no such core: core=rust allowed=c|java");
    }

    @Test
    void socketThatNobodyServesIsTheEnvironmentsFault() {
        String socket = folder.resolve("nobody.sock").toString();

        CommandRun run = CommandRun.of("core", "probe", "--socket", socket);

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.err()).singleElement().asString().contains("No GPU answers at " + socket, "nacre serve");
    }

    @Test
    void socketOfSomethingElseIsTheEnvironmentsFault() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "no socket");

        CommandRun run = CommandRun.of("core", "probe", "--socket", file.toString());

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.err()).singleElement().asString().contains(file.toString());
    }

    @Test
    void chipAndSocketExcludeEachOther() {
        CommandRun run = CommandRun.of("core", "probe", "--socket", "x", "--chip", "ad102");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().getFirst()).contains("--socket", "--chip", "mutually exclusive");
    }

    @Test
    void chipThatIsNotModelledIsNamedWithThoseThatAre() {
        CommandRun run = CommandRun.of("core", "probe", "--chip", "nv04");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err().getFirst()).contains("--chip", "nv04", "AD102");
    }

    @Test
    void folderWithoutTheFirmwareIsNamedWithTheMissingFile() {
        CommandRun run = CommandRun.of("core", "probe", "--firmware", folder.toString());

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.err()).singleElement().asString().contains("nvidia/ad102/gsp/");
    }

    @Test
    void firmwareFolderThatIsNoneIsAWrongCommandLine() {
        CommandRun run = CommandRun.of(
                "core", "probe", "--firmware", folder.resolve("none").toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().contains("--firmware").contains("is no folder");
    }
}
