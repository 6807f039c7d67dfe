package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre board}. */
@Command(
        name = "board",
        mixinStandardHelpOptions = true,
        description = "The board that 'nacre vgpu serve' has.",
        subcommands = BoardShowCommand.class)
final class BoardCommand {}
