package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code nacre drm run}, with real daemons. */
@ExtendWith(SharedDaemon.class)
class DrmRunCommandTest {
    private static CommandRun run(DemoDaemon daemon, String... words) {
        List<String> all =
                new ArrayList<>(List.of("drm", "run", "--host", daemon.target().toString()));
        all.addAll(List.of(words));
        return CommandRun.of(all.toArray(String[]::new));
    }

    @Test
    void boardForVirtualGpusIsRefusedWithWhoHasIt(SharedDaemon.Running shared) {
        CommandRun run = run(shared.daemon(), "--board", "gpu0", "--", "true");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
                .singleElement()
                .asString()
                .contains("Board gpu0 is not there for programs: client=vfio virtual GPUs=");
    }

    @Test
    void daemonWithoutABoardForProgramsSaysSo(SharedDaemon.Running shared) {
        CommandRun run = run(shared.daemon(), "--", "true");

        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err()).singleElement().asString().contains("No board is for programs");
    }

    @Test
    void driverOfADaemonsBoardIsNotTheCommandsToChoose(SharedDaemon.Running shared) {
        CommandRun run = run(shared.daemon(), "--driver", "nova", "--", "true");

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().contains("--driver");
    }

    @Test
    void programFindsTheNodeAndItsExitCodeIsTheCommands() throws Exception {
        try (DemoDaemon daemon = DemoDaemon.startForPrograms("nova")) {
            CommandRun run = run(daemon, "--", "sh", "-c", "test -c /dev/dri/card0 && exit 7");

            assertThat(run.code()).isEqualTo(7);
            assertThat(CommandRun.of("board", "show", "--host", daemon.target().toString())
                            .out())
                    .anyMatch(line -> line.matches("client +drm, driver nova"));
        }
    }

    @Test
    void headsOfTheBoardAreShownAndHaveScreenshots(@TempDir Path folder) throws Exception {
        try (DemoDaemon daemon = DemoDaemon.startForPrograms("nouveau")) {
            String host = daemon.target().toString();
            Path file = folder.resolve("head.png");

            assertThat(CommandRun.of("board", "show", "--host", host).out())
                    .contains("head 0    off", "faults    none");
            assertThat(CommandRun.of("board", "ls", "--host", host).out().getLast())
                    .matches("gpu0 +ad102 +NVIDIA L40 +running +drm +java +\\d+ MiB +- +- +- +0\\.0 +0\\.0");
            CommandRun off = CommandRun.of("board", "screenshot", "gpu0", file.toString(), "--host", host);
            assertThat(off.code()).isEqualTo(ExitCode.FAILED);
            assertThat(off.err()).containsExactly("nacre: Head 0 of gpu0 is off");
            assertThat(CommandRun.of("board", "screenshot", "gpu0", file.toString(), "--head", "4", "--host", host)
                            .code())
                    .isEqualTo(ExitCode.FAILED);
            assertThat(file).doesNotExist();
        }
    }

    @Test
    void programThatIsNowhereIsMissed() throws Exception {
        try (DemoDaemon daemon = DemoDaemon.startForPrograms("nova")) {
            CommandRun run = run(daemon, "--", "no-such-program");

            assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(run.err()).singleElement().asString().contains("There is no program no-such-program");
        }
    }
}
