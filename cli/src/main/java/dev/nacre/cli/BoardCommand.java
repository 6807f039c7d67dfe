package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre board}. */
@Command(
        name = "board",
        mixinStandardHelpOptions = true,
        description = "Boards, for virtual GPUs or for programs of this host.")
final class BoardCommand {}
