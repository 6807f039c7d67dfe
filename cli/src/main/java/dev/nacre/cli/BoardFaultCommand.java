package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nacre board fault}. */
@Command(
        name = "fault",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a board misbehave, to see what comes of it.")
final class BoardFaultCommand extends ApiCommand {
    @Parameters(paramLabel = "BOARD", arity = "0..1", description = "its name (default: the only one)")
    private Optional<String> name = Optional.empty();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FaultOptions fault;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = chosenBoard(client, name);
        client.post(board(chosen) + "/faults", Optional.of(fault.request()));
        out().println(fault.done(chosen));
        return ExitCode.OK;
    }
}
