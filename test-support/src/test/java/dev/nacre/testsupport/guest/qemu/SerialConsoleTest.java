package dev.nacre.testsupport.guest.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SerialConsoleTest {
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(1);

    private final PipedOutputStream guest = new PipedOutputStream();
    private final PipedInputStream serialLine = new PipedInputStream(1 << 16);

    @TempDir
    private Path folder;

    @BeforeEach
    void connect() throws IOException {
        serialLine.connect(guest);
    }

    @AfterEach
    void disconnect() throws IOException {
        guest.close();
    }

    @Test
    void lineThatCameBeforeIsFound() throws IOException {
        SerialConsole console = console();
        print("[    0.1] one\r\n[    0.2] ### nacre: card ready: card0 t=8.1\r\n");

        SerialConsole.Line line = console.awaitLine("card ready: (\\w+)", BOUND);

        assertThat(line.index()).isEqualTo(1);
        assertThat(line.text()).isEqualTo("[    0.2] ### nacre: card ready: card0 t=8.1");
        assertThat(line.match().group(1)).isEqualTo("card0");
    }

    @Test
    void lineThatComesLaterIsWaitedFor() throws IOException {
        SerialConsole console = console();
        CompletableFuture<SerialConsole.Line> awaited =
                CompletableFuture.supplyAsync(() -> console.awaitLine("two", BOUND));
        print("one\ntw");
        print("o\n");

        assertThat(awaited)
                .succeedsWithin(BOUND)
                .extracting(SerialConsole.Line::index)
                .isEqualTo(1);
    }

    @Test
    void onlyLinesFromTheIndexOnCount() throws IOException {
        SerialConsole console = console();
        print("boot\ncard ready\nboot\ncard ready again\n");
        int first = console.awaitLine("card ready", BOUND).index();

        assertThat(console.awaitLine("card ready", first + 1, BOUND).text()).isEqualTo("card ready again");
    }

    @Test
    void waitThatIsOverSaysWhatCameInstead() throws IOException {
        SerialConsole console = console();
        print("Kernel panic\n");
        console.awaitLine("panic", BOUND);

        assertThatThrownBy(() -> console.awaitLine("card ready", SOON))
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("card ready")
                .hasMessageContaining("Kernel panic");
    }

    @Test
    void endOfTheGuestEndsTheWait() throws IOException {
        SerialConsole console = console();
        print("last words without a line's end");
        guest.close();

        assertThatThrownBy(() -> console.awaitLine("card ready", BOUND))
                .isInstanceOf(GuestException.class)
                .hasMessageContaining("the guest ended")
                .hasMessageContaining("last words");
    }

    @Test
    void lineWithoutEndIsCut() throws IOException {
        SerialConsole console = console();
        print("x".repeat(10_000) + "\n");
        print("after\n");
        console.awaitLine("^after$", BOUND);

        assertThat(console.lines()).allMatch(l -> l.length() <= 4096).hasSize(4);
    }

    @Test
    void findLooksWithoutWaiting() throws IOException {
        SerialConsole console = console();
        print("one\n");
        console.awaitLine("one", BOUND);

        assertThat(console.find(Pattern.compile("o.e"))).isPresent();
        assertThat(console.find(Pattern.compile("two"))).isEmpty();
    }

    @Test
    void logGetsTheLinesToo() throws IOException {
        Path log = folder.resolve("serial.log");
        SerialConsole console = SerialConsole.reading(serialLine, Optional.of(log), line -> {});
        print("one\r\ntwo\r\nthree\r\n");
        console.awaitLine("three", BOUND);

        assertThat(log).content().startsWith("one\ntwo\n");
    }

    private SerialConsole console() {
        return SerialConsole.reading(serialLine, Optional.empty(), line -> {});
    }

    private void print(String text) throws IOException {
        guest.write(text.getBytes(StandardCharsets.UTF_8));
        guest.flush();
    }
}
