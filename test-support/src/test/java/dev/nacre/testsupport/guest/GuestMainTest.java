package dev.nacre.testsupport.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestMainTest {
    private static final KitOptions OPTIONS = KitOptions.fromEnvironment(Map.of("HOME", "/nonexistent"));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void helpIsPrinted() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--gpu SOCKET");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--gpu", "--kernel newest", "--ram 512", "--ram much", "--bound 0", "--colour red", "load"})
    void wrongArgumentsAreNamedWithTheUsage(String line) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(line.split(" ")[0])
                .contains("Usage:");
        assertThat(out.size()).isZero();
    }

    private int run(String... arguments) {
        return GuestMain.run(
                List.of(arguments),
                OPTIONS,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
