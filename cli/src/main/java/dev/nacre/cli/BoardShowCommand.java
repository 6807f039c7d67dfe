package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre board show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show the board that virtual GPUs share.")
final class BoardShowCommand extends HostCommand {
    @Override
    public Integer call() {
        return ask(VgpuQuestions.BOARD);
    }
}
