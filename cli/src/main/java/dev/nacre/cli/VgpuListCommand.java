package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre vgpu ls}. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the virtual GPUs of a board.")
final class VgpuListCommand extends HostCommand {
    @Override
    public Integer call() {
        return ask(VgpuQuestions.LIST);
    }
}
