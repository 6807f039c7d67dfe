package dev.nacre.cli;

import dev.nacre.daemon.Nacred;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nacre daemon}. */
@Command(
        name = "daemon",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run the daemon, as 'nacred' does: boards and virtual GPUs as a configuration says, until Ctrl-C or SIGTERM.",
            ""
        })
final class DaemonCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "its configuration (default: /etc/nacre/nacre.toml)")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--check", description = "say what is wrong with the configuration, and end")
    private boolean check;

    @Override
    public Integer call() {
        List<String> arguments = new ArrayList<>();
        config.ifPresent(file -> arguments.addAll(List.of("--config", file.toString())));
        if (check) {
            arguments.add("--check");
        }
        return Nacred.run(System.out, System.err, System.getenv(), arguments.toArray(String[]::new));
    }
}
