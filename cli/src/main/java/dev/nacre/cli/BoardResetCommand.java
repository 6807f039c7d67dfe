package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardJson;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nacre board reset}. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Boot a board again that is lost, or that nobody uses; its virtual GPUs come back.")
final class BoardResetCommand extends ApiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardParameter board;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = board.chosen(client);
        String answer;
        try (Progress ignored = Progress.of(err(), "Resetting " + chosen)) {
            answer = client.post(board(chosen) + "/reset", Optional.empty());
        }
        json.print(out(), client, answer, BoardJson.class, it -> "Reset: " + it.name() + "\n");
        return ExitCode.OK;
    }
}
