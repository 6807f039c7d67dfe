package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nacre board fault}. */
@Command(
        name = "fault",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a board misbehave, to see what comes of it.")
final class BoardFaultCommand extends ApiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardParameter board;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FaultOptions fault;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = board.chosen(client);
        client.post(board(chosen) + "/faults", Optional.of(fault.request()));
        out().println(fault.done(chosen));
        return ExitCode.OK;
    }
}
