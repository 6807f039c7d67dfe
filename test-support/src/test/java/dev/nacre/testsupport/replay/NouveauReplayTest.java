package dev.nacre.testsupport.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Ptimer;
import dev.nacre.hw.regs.RegisterNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/**
 * A whole life of nouveau on a board, without QEMU: load, a copy, power-off, as recorded from a guest with
 * {@code nacre serve --heads 0 --record}. Without display, whose progress depends on time.
 */
class NouveauReplayTest {
    // TIMEOUT: what an access starts takes milliseconds.
    private static final long DRAIN_NS = Duration.ofSeconds(60).toNanos();

    private static final List<TimeLike> TIME = List.of(time(Ptimer.TIME_0), time(Ptimer.TIME_1));

    private static final AccessLog LOG = load();

    @Test
    void recordedLifeOfNouveauIsAnsweredAsItWas() {
        try (Board board = board();
                Replay replay = replay()) {
            replay.attach(target(board));

            replay.play();

            assertThat(replay.position()).isEqualTo(LOG.accessCount());
            assertThat(board.faults().get("defects")).isZero();
        }
    }

    @Test
    void boardSavedAnywhereAndRestoredInAnotherGoesOnAsIfNothingHadBeen() throws IOException {
        long seed = ThreadLocalRandom.current().nextLong();
        long cut = new SplittableRandom(seed).nextLong(LOG.accessCount());
        try (Board first = board();
                Board second = board();
                Replay replay = replay()) {
            replay.attach(target(first));
            replay.playTo(cut);
            ByteArrayOutputStream saved = new ByteArrayOutputStream();
            first.save(saved);

            second.restore(new ByteArrayInputStream(saved.toByteArray()));
            replay.attach(target(second));
            replay.play();

            assertThat(replay.position())
                    .as("cut at access %d, seed %d", cut, seed)
                    .isEqualTo(LOG.accessCount());
        }
    }

    @Test
    void anotherChipIsFoundOut() {
        try (Board board = new Board(new BoardConfig(Chip.GA102, fbBytes(), 0));
                Replay replay = replay()) {
            replay.attach(target(board));

            assertThatThrownBy(replay::play).isInstanceOf(ReplayDifference.class);
        }
    }

    private static TimeLike time(Reg reg) {
        return new TimeLike(reg.offset(), 1, 4, -1, "the board's time");
    }

    private static Board board() {
        Chip chip = Chip.valueOf(LOG.header().value(LogHeader.CHIP).toUpperCase(Locale.ROOT));
        return new Board(
                new BoardConfig(chip, fbBytes(), Integer.parseInt(LOG.header().value(LogHeader.HEADS))));
    }

    private static long fbBytes() {
        return Long.parseLong(LOG.header().value(LogHeader.FB_BYTES));
    }

    private static Replay replay() {
        RegisterNames names = RegisterNames.all();
        return new Replay(LOG, TIME, address -> names.nameOf(address).orElse("?"));
    }

    private static ReplayTarget target(Board board) {
        return new ReplayTarget(board, () -> board.drain(DRAIN_NS));
    }

    private static AccessLog load() {
        try (InputStream in =
                Objects.requireNonNull(NouveauReplayTest.class.getResourceAsStream("nouveau-ad102.rec"))) {
            return AccessLog.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
