package dev.nacre.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre unknown-registers}. */
@Command(
        name = "unknown-registers",
        mixinStandardHelpOptions = true,
        description = {
            "List what a running board was asked for and does not model: registers (offset, reads, writes, name)",
            "and RM controls. A new driver or firmware shows here first."
        })
final class UnknownRegistersCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = SocketOptions.DEFAULT_SOCKET,
            description = "the socket of the board, as given to 'nacre serve' (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path socket;

    @Override
    public void run() {
        try {
            spec.commandLine()
                    .getOut()
                    .print(ControlSocket.ask(ControlSocket.beside(socket), List.of("unknown-registers")));
            spec.commandLine().getOut().flush();
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.ENVIRONMENT,
                    "No board answers at " + socket + " (" + e.getMessage() + "): start one with 'nacre serve --socket "
                            + socket + "'");
        }
    }
}
