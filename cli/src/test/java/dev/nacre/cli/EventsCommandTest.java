package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDaemon.class)
class EventsCommandTest {
    private final SharedDaemon.Running daemon;

    EventsCommandTest(SharedDaemon.Running daemon) {
        this.daemon = daemon;
    }

    @Test
    void whatHasHappenedIsToldFromTheBeginning() {
        CommandRun run = daemon.run("events", "--all", "--count", "2");

        assertThat(run.code()).as(run.toString()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .hasSize(2)
                .first()
                .asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z  daemon-state +The daemon .*");
    }

    @Test
    void eventsOfOneVirtualGpuComeAlone() {
        daemon.run("vgpu", "create", "--type", "L40-2Q", "--name", "other");
        daemon.run("vgpu", "create", "--type", "L40-2Q", "--name", "seen");
        daemon.run("vgpu", "rm", "seen", "other");

        CommandRun run = daemon.run("events", "--all", "--vgpu", "seen", "--count", "2", "--json");

        assertThat(run.out())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"id\":") && line.contains("\"vgpu\":\"seen\""))
                .first()
                .asString()
                .contains("\"kind\":\"vgpu-created\"");
    }

    @Test
    void nothingIsAskedForWhenNoneAreWanted() {
        assertThat(daemon.run("events", "--count", "0").out()).isEmpty();
    }
}
