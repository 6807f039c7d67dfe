package dev.nacre.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nacre man}. */
@Command(
        name = "man",
        mixinStandardHelpOptions = true,
        description = {"Print the manual page.", "", "To read it: nacre man | man -l -", ""})
final class ManCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(ManPage.of(Main.whole().getCommandSpec(), Main.version()));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
