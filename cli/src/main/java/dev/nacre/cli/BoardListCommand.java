package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardsJson;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nacre board ls}. */
@Command(name = "ls", mixinStandardHelpOptions = true, sortOptions = false, description = "List the boards.")
final class BoardListCommand extends ApiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        json.print(out(), client, client.get(BOARDS), BoardsJson.class, BoardText::list);
        return ExitCode.OK;
    }
}
