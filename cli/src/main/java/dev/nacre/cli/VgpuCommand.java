package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre vgpu}. */
@Command(
        name = "vgpu",
        mixinStandardHelpOptions = true,
        description = {
            "Virtual GPUs of one board, each for a virtual machine of its own.",
            "",
            "'nacre vgpu serve' has the board; the other commands talk to it, and find it by its folder.",
            ""
        },
        subcommands = {
            VgpuServeCommand.class,
            VgpuCreateCommand.class,
            VgpuListCommand.class,
            VgpuShowCommand.class,
            VgpuRemoveCommand.class
        })
final class VgpuCommand {}
