package dev.nacre.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that puts a question to the service that hosts a board, and prints what it answers. */
abstract class HostCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private HostOptions host;

    /** Asks and prints; gives the exit code. */
    final int ask(String... words) {
        return host.print(spec.commandLine().getOut(), words);
    }
}
