package dev.nacre.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nacre completion}. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print a script that completes nacre's command line.",
            "",
            "bash: . <(nacre completion bash); zsh: the same with zsh, after compinit.",
            ""
        })
final class CompletionCommand implements Callable<Integer> {
    /** Who reads it. */
    enum Shell {
        BASH,
        ZSH
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Shell shell;

    @Override
    public Integer call() {
        // The same script for both: in zsh it uses bashcompinit.
        String prefix = shell == Shell.ZSH ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
        spec.commandLine().getOut().print(prefix + AutoComplete.bash("nacre", Main.whole()));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
