package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre vgpu}. */
@Command(
        name = "vgpu",
        mixinStandardHelpOptions = true,
        description = "Virtual GPUs, each for a virtual machine of its own.")
final class VgpuCommand {}
