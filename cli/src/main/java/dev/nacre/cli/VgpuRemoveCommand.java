package dev.nacre.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu rm}. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "End a virtual GPU, with a virtual machine on it or not.")
final class VgpuRemoveCommand extends HostCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    public Integer call() {
        return ask(VgpuQuestions.REMOVE, name);
    }
}
