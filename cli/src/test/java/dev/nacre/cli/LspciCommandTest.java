package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LspciCommandTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void functionIsShownWithTheDriverThatTookIt(String core) {
        CommandRun run = CommandRun.of("lspci", "--chip", "ad102", "--core", core);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out().getFirst()).startsWith("0000:01:00.0 0300: 10de:26b5 (rev a1) NVIDIA L40 (AD102)");
        assertThat(run.out()).contains("    subsystem: 10de:169d", "    driver: nacre-core, core " + core);
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void virtualFunctionsAreShownWithTheirDriver(String core) {
        CommandRun run = CommandRun.of("lspci", "--vfs", "2", "--core", core);

        assertThat(run.code()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).hasSize(9);
        assertThat(run.out().get(3)).startsWith("0000:01:00.4 0302: 10de:26b5");
        assertThat(run.out().get(6)).startsWith("0000:01:00.5 0302: 10de:26b5");
        assertThat(run.out().get(8)).isEqualTo("    driver: nvidia-vgpu-vfio");
    }

    @Test
    void servedGpuIsShownAgainAndAgain() throws IOException {
        try (ServedBoard served = ServedBoard.startInOwnFolder(BoardConfig.of(Chip.GA102))) {
            CommandRun first =
                    CommandRun.of("lspci", "--socket", served.socket().toString());

            assertThat(first.out().getFirst()).contains("10de:2204").contains("GA102");
            assertThat(CommandRun.of("lspci", "--socket", served.socket().toString()))
                    .isEqualTo(first);
        }
    }

    @Test
    void driverThatFailsIsShownWithItsReason() {
        CommandRun run = CommandRun.of("lspci", "--firmware", folder.toString());

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.out()).anyMatch(line -> line.matches(" +driver: nacre-core failed: .*nvidia/ad102/gsp/.*"));
    }

    @Test
    void coreThatDoesNotExistIsAWrongCommandLine() {
        CommandRun run = CommandRun.of("lspci", "--core", "");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().contains("allowed=c|java");
    }
}
