package dev.nacre.testsupport.guest.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCommandTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    @Test
    void outputErrorsAndStatusAreKeptApart() {
        HostCommand.Result result =
                HostCommand.of("sh", "-c", "echo out; echo err >&2; exit 3").run(BOUND);

        assertThat(result.text()).isEqualTo("out\n");
        assertThat(result.errors()).isEqualTo("err\n");
        assertThat(result.exitStatus()).isEqualTo(3);
        assertThat(result.ok()).isFalse();
    }

    @Test
    void environmentAndFolderReachTheProgram(@TempDir Path folder) {
        HostCommand command = new HostCommand(
                List.of("sh", "-c", "echo $WORD; pwd -P"), Map.of("WORD", "hello"), Optional.of(folder));

        assertThat(command.run(BOUND).text()).isEqualTo("hello\n" + folder + "\n");
    }

    @Test
    void standardInputIsEmpty() {
        assertThat(HostCommand.of("cat").run(BOUND).output()).isEmpty();
    }

    @Test
    void programThatTakesTooLongIsKilled() {
        assertThatThrownBy(() -> HostCommand.of("sleep", "1000").run(Duration.ofMillis(1)))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("sleep did not finish");
    }

    @Test
    void callerIsAskedMeanwhile() {
        AtomicInteger looks = new AtomicInteger();

        HostCommand.of("sleep", "3").run(BOUND, looks::incrementAndGet);

        assertThat(looks.get()).isPositive();
    }

    @Test
    void missingProgramIsNamed() {
        assertThatThrownBy(() -> HostCommand.of("no-such-program-here").run(BOUND))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("no-such-program-here");
    }

    @Test
    void availabilityIsWhetherTheProgramStarts() {
        assertThat(HostCommand.available("cat")).isTrue();
        assertThat(HostCommand.available("no-such-program-here")).isFalse();
    }
}
