package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.NativeException;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserException;
import dev.nacre.vfiouser.VfioUserFunction;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options that say which GPU to drive: one of its own, or a served one. */
final class GpuOptions {
    /** One of the two. */
    static final class Choice {
        @Option(
                names = "--socket",
                paramLabel = "PATH",
                description = "the GPU that 'nacre serve' serves there, and nobody else drives")
        private Optional<Path> socket = Optional.empty();

        @Option(
                names = "--chip",
                paramLabel = "CHIP",
                description =
                        "a software GPU of its own with this chip: ${COMPLETION-CANDIDATES}, in any case (default: ad102)")
        private Optional<Chip> chip = Optional.empty();
    }

    @ArgGroup
    private Choice choice = new Choice();

    /** Gets at it. @throws CommandException if nothing that can be driven is there */
    DrivenGpu open() {
        return choice.socket.map(GpuOptions::connect).orElseGet(() -> make(choice.chip.orElse(Chip.AD102)));
    }

    private static DrivenGpu make(Chip chip) {
        Board board = new Board(BoardConfig.of(chip));
        return new DrivenGpu(chip.id(), new LocalFunction(board), board::close);
    }

    private static DrivenGpu connect(Path socket) {
        try {
            return new DrivenGpu(socket.toString(), new VfioUserFunction(VfioUserClient.connect(socket)), () -> {});
        } catch (NativeException | VfioUserException | IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.ENVIRONMENT,
                    "No GPU answers at " + socket + " (" + e.getMessage() + "): start one with 'nacre serve --socket "
                            + socket + "'");
        }
    }
}
