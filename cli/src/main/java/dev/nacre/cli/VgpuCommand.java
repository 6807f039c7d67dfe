package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre vgpu}. */
@Command(
        name = "vgpu",
        mixinStandardHelpOptions = true,
        description = "Virtual GPUs, each for a virtual machine of its own.",
        subcommands = {
            VgpuCreateCommand.class,
            VgpuListCommand.class,
            VgpuShowCommand.class,
            VgpuRemoveCommand.class,
            VgpuResetCommand.class,
            VgpuAttachCommand.class,
            VgpuLogCommand.class,
            VgpuScreenshotCommand.class,
            VgpuFaultCommand.class
        })
final class VgpuCommand {}
