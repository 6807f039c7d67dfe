package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.pci.PciFunction;
import dev.nacre.testsupport.replay.LogHeader;
import dev.nacre.testsupport.replay.RecordingFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what is done to a board, if that is wanted. */
final class Recording implements AutoCloseable {
    // TIMEOUT: engines work for milliseconds after a register write; a channel that waits for the driver is idle. A VMM
    // gives up after five seconds.
    private static final long DRAIN_NS = Duration.ofSeconds(2).toNanos();

    private final BoardConfig config;
    private final Optional<Path> file;
    private @Nullable RecordingFunction recorder;

    Recording(BoardConfig config, Optional<Path> file) {
        this.config = config;
        this.file = file;
    }

    /** The board, or what records it. */
    PciFunction of(Board board) {
        if (file.isEmpty()) {
            return board;
        }
        LogHeader header = new LogHeader(Map.of(
                LogHeader.CHIP, config.chip().id(),
                LogHeader.FB_BYTES, Long.toString(config.fbBytes()),
                LogHeader.HEADS, Integer.toString(config.heads())));
        try {
            RecordingFunction made = new RecordingFunction(
                    board, () -> board.drain(DRAIN_NS), header, Files.newOutputStream(file.get()));
            recorder = made;
            return made;
        } catch (IOException e) {
            throw new CommandException(ExitCode.ENVIRONMENT, "Cannot record to " + file.get() + ": " + e);
        }
    }

    @Override
    public void close() throws IOException {
        if (recorder != null) {
            recorder.close();
        }
    }
}
