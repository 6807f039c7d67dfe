package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.core.spi.VgpuScheduling.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What commands about virtual GPUs take and tell without a board. */
class VgpuOptionsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"best-effort, BEST_EFFORT, 0", "equal-share:30, EQUAL_SHARE, 30", "Fixed-Share:1, FIXED_SHARE, 1"})
    void schedulingIsAPolicyAndASlice(String text, Policy policy, int sliceMs) {
        assertThat(new Scheduling().convert(text)).isEqualTo(new VgpuScheduling(policy, sliceMs));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fair", "fixed-share:", "fixed-share:x", "fixed-share:31", "equal-share:-1"})
    void otherSchedulingIsRefused(String text) {
        assertThatThrownBy(() -> new Scheduling().convert(text)).isInstanceOf(TypeConversionException.class);
    }

    @Test
    void typesOfAChipAreThoseOfItsBoard() {
        assertThat(CommandRun.of("types", "--chip", "ad102").out())
                .anyMatch(line -> line.contains(" L40-2Q "))
                .noneMatch(line -> line.contains(" RTX6000-Ada-2Q "));
        assertThat(CommandRun.of("types", "--chip", "gb202").out()).anyMatch(line -> line.contains(" DC-4Q "));
        assertThat(CommandRun.of("types", "--board", "rtx6000-ada").out())
                .anyMatch(line -> line.contains(" RTX6000-Ada-2Q "))
                .noneMatch(line -> line.contains(" L40-2Q "));
    }

    @Test
    void wrongFileOfTypesIsToldWithItsPlace() throws IOException {
        Files.writeString(folder.resolve("a.toml"), "chip = 3\n");

        CommandRun run = CommandRun.of("types", "--types", folder.toString());

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).anyMatch(line -> line.contains("a.toml:1: chip: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "types --board none",
                "types --types no/such/folder",
                "vgpu serve --vfs 0",
                "vgpu serve --vfs 33",
                "vgpu serve --chip ga102",
                "vgpu create --type L40-2Q",
                "vgpu create --type L40-2Q --name a --uuid x",
                "lspci --vfs 99",
                "lspci --vfs 1 --socket nacre.sock",
                "demo --vgpus 0",
                "demo --type L40-2Q",
                "demo --vgpus 2 --type none"
            })
    void wrongCommandLineIsToldAsSuch(String line) {
        CommandRun run = CommandRun.of(line.split(" ", -1));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).isNotEmpty();
    }

    @Test
    void folderWithoutABoardIsTheEnvironmentsFault() {
        CommandRun run = CommandRun.of("vgpu", "ls", "--folder", folder.toString());

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.err()).singleElement().asString().contains("start one with 'nacre vgpu serve");
    }

    @ParameterizedTest
    @CsvSource({"out.png, out-vm1.png", "a/out, a/out-vm1", ".png, .png-vm1", "a.b/c.d.png, a.b/c.d-vm1.png"})
    void fileOfAGuestHasItsNameBeforeTheSuffix(Path file, Path named) {
        assertThat(VgpuDemo.named(file, "vm1")).isEqualTo(named);
    }
}
