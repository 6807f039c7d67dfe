package dev.nacre.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show a virtual GPU, and the QEMU options that attach it.")
final class VgpuShowCommand extends HostCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    public Integer call() {
        return ask(VgpuQuestions.SHOW, name);
    }
}
