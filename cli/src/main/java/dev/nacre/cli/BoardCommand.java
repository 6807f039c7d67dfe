package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre board}. */
@Command(name = "board", mixinStandardHelpOptions = true, description = "Boards that virtual GPUs share.")
final class BoardCommand {}
