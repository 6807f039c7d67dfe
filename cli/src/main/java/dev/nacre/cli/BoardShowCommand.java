package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardJson;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nacre board show}. */
@Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, description = "Show a board.")
final class BoardShowCommand extends ApiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardParameter board;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = board.chosen(client);
        json.print(out(), client, client.get(board(chosen)), BoardJson.class, BoardText::show);
        return ExitCode.OK;
    }
}
