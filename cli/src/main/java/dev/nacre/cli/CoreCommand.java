package dev.nacre.cli;

import picocli.CommandLine.Command;

/** {@code nacre core}. */
@Command(name = "core", mixinStandardHelpOptions = true, description = "What the core makes of a GPU.")
final class CoreCommand {}
