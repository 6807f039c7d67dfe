package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import java.util.Optional;
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
            converter = Sizes.class,
            description =
                    "the board's memory, 512M to 48G in steps of 64M, with some chips in steps of 4G and to 96G; only"
                            + " pages in use cost host memory (default: 2G or the chip's step, and the most for"
                            + " virtual GPUs)")
    private Optional<Long> fbBytes = Optional.empty();

    @Option(
            names = "--heads",
            paramLabel = "N",
            description = "display heads, 0 to 4; 0 is a board without display, all that some chips can be"
                    + " (default: 1 if the chip has any)")
    private Optional<Integer> heads = Optional.empty();

    /** The chip. */
    Chip chip() {
        return chip;
    }

    /** Whether a number of heads was asked for: those of virtual GPUs are their types' business. */
    boolean namesHeads() {
        return heads.isPresent();
    }

    /** The board's configuration. */
    BoardConfig config() {
        return config(0);
    }

    /**
     * The same with virtual functions; such a board has all the memory that it can have, unless told otherwise.
     *
     * @param vfs how many
     */
    BoardConfig config(int vfs) {
        try {
            return new BoardConfig(
                            chip,
                            fbBytes.orElse(vfs > 0 ? BoardConfig.maxFbBytes(chip) : BoardConfig.defaultFbBytes(chip)),
                            heads.orElse(BoardConfig.defaultHeads(chip)))
                    .withVfs(vfs);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        }
    }
}
