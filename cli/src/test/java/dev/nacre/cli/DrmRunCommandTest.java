package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

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
    void programThatIsNowhereIsMissed() throws Exception {
        try (DemoDaemon daemon = DemoDaemon.startForPrograms("nova")) {
            CommandRun run = run(daemon, "--", "no-such-program");

            assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
            assertThat(run.err()).singleElement().asString().contains("There is no program no-such-program");
        }
    }
}
