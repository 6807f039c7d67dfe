package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static dev.nacre.guesttests.Guests.assertSaid;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.board.Scanout;
import dev.nacre.hw.chip.Chip;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stock kernel's own nouveau on a board: from the chip to work on a channel and text on the screen. */
class NouveauBootTest {
    private static final int HEAD = 0;

    @ParameterizedTest
    @CsvSource({"AD102,BACKPORTS", "AD102,STABLE", "GA102,BACKPORTS"})
    void bootsToCardCopiesSurvivesFaultsAndShowsText(Chip chip, KernelChoice kernel) throws IOException {
        try (TestBoard gpu = new TestBoard(BoardConfig.of(chip));
                Qemu guest = Qemu.start(Guests.guest(kernel)
                        .gpu(gpu.slot("04.0"))
                        .jobs(
                                "load",
                                "list",
                                "ce-pushbuf",
                                "ce-exec",
                                "fault-pushbuf",
                                "ce-pushbuf",
                                "fault-exec",
                                "ce-exec",
                                "banner",
                                "screen",
                                "hold")
                        .build())) {
            Matcher screen = guest.serial()
                    .awaitLine("### nacre: screen (\\d+) (\\d+) (\\d+) (\\d+)", BOUND)
                    .match();
            guest.serial().awaitLine("### nacre: screen end", BOUND);
            guest.serial().awaitLine("### nacre: holding", BOUND);
            assertScreen(guest.serial().lines(), screen, gpu.board());
            guest.monitor().pressPower();

            assertThat(guest.awaitExit(BOUND)).isZero();
            List<String> lines = guest.serial().lines();
            assertBooted(lines, chip);
            assertWorked(lines);
            assertSaid(lines, "### nacre: poweroff");
            Guests.assertHealthy(lines);
        }
    }

    private static void assertBooted(List<String> lines, Chip chip) {
        assertSaid(lines, "nouveau .*: NVIDIA " + chip.name().toUpperCase(Locale.ROOT) + " \\(");
        assertSaid(lines, "nouveau .*bios: version ");
        assertSaid(lines, "nouveau .*drm: VRAM: 2048 MiB");
        assertSaid(lines, "nouveau .*drm: MM: using COPY for buffer copies");
        assertSaid(lines, "Initialized nouveau .* on minor 0");
        assertSaid(lines, "### nacre: node /dev/dri/card0");
        assertSaid(lines, "### nacre: node /dev/dri/renderD128");
        assertSaid(lines, "### nacre: connector .*=connected,1024x768");
        assertSaid(lines, "fb0: nouveaudrmfb frame buffer device");
    }

    private static void assertWorked(List<String> lines) {
        assertThat(lines).noneMatch(l -> l.contains("NACRE-TEST") && l.contains(" FAIL "));
        for (String program : List.of("ce-pushbuf", "ce-exec")) {
            assertThat(lines)
                    .as(program + " before and after the fault of another process")
                    .filteredOn(l -> l.contains("NACRE-TEST " + program + " PASS"))
                    .hasSize(2);
        }
        assertSaid(lines, "NACRE-TEST fault-pushbuf PASS");
        assertSaid(lines, "NACRE-TEST fault-exec PASS");
        assertSaid(lines, "nouveau .*(channel \\d+ killed|errored - disabling channel)");
    }

    private static void assertScreen(List<String> lines, Matcher screen, Board board) {
        int rows = Integer.parseInt(screen.group(1));
        int columns = Integer.parseInt(screen.group(2));
        int cursorRow = Integer.parseInt(screen.group(4));
        List<String> text = lines.stream()
                .filter(l -> l.contains("screen|"))
                .map(l -> l.substring(l.indexOf("screen|") + "screen|".length()))
                .toList();
        assertThat(text)
                .as("the console's lines")
                .hasSize(rows)
                .anyMatch(l -> l.contains("Nacre: an unmodified Linux"));
        Scanout shown = settled(board);
        assertThat(shown.width()).isEqualTo(columns * 8);
        assertThat(shown.height()).isEqualTo(rows * 16);
        ScreenText.assertShows(shown.pixels(), shown.width(), text, cursorRow);
    }

    /** The picture once it stays the same: the guest's kernel draws text some time after it was written. */
    private static Scanout settled(Board board) {
        Scanout before = board.scanout(HEAD).orElseThrow();
        // TIMEOUT: the guest draws within a second; twenty are for a busy machine.
        for (int looks = 0; looks < 20; looks++) {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            Scanout now = board.scanout(HEAD).orElseThrow();
            if (Arrays.equals(before.pixels(), now.pixels())) {
                return now;
            }
            before = now;
        }
        return before;
    }
}
