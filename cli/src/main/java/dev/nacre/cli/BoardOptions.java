package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import picocli.CommandLine.Option;

/** The options that say what board to make. */
final class BoardOptions {
    @Option(
            names = "--chip",
            paramLabel = "CHIP",
            defaultValue = "ad102",
            description = "the chip: ${COMPLETION-CANDIDATES}, in any case (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Chip chip;

    @Option(
            names = "--fb",
            paramLabel = "SIZE",
            defaultValue = "2G",
            converter = Sizes.class,
            description = "the board's memory, 512M to 48G in steps of 64M; only pages in use cost host memory"
                    + " (default: ${DEFAULT-VALUE})")
    private long fbBytes;

    @Option(
            names = "--heads",
            paramLabel = "N",
            defaultValue = "1",
            description = "display heads, 0 to 4; 0 is a board without display (default: ${DEFAULT-VALUE})")
    private int heads;

    /** The board's configuration. */
    BoardConfig config() {
        try {
            return new BoardConfig(chip, fbBytes, heads);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
