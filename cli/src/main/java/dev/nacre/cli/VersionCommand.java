package dev.nacre.cli;

import dev.nacre.hw.chip.Chip;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code nacre version}. */
@Command(
        name = "version",
        mixinStandardHelpOptions = true,
        description = "Print the version, the Java that runs it, and the chips it models.")
final class VersionCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("nacre " + Main.version());
        out.println("java  " + Runtime.version());
        out.println("chips " + Arrays.stream(Chip.values()).map(Chip::id).collect(Collectors.joining(" ")));
    }
}
