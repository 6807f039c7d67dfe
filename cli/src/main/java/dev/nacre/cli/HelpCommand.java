package dev.nacre.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nacre help}. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = "Say what a command does and which options it has, as 'nacre help vgpu create'.")
final class HelpCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "its words (default: none, for all commands)")
    private List<String> words = List.of();

    @Override
    public Integer call() {
        CommandLine meant = spec.commandLine().getParent();
        for (String word : words) {
            CommandLine below = meant.getSubcommands().get(word);
            if (below == null) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "There is no command '" + meant.getCommandSpec().qualifiedName() + " " + word
                                + "': see 'nacre help'");
            }
            meant = below;
        }
        meant.usage(spec.commandLine().getOut());
        return ExitCode.OK;
    }
}
