package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardJson;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nacre board show}. */
@Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, description = "Show a board.")
final class BoardShowCommand extends ApiCommand {
    @Parameters(paramLabel = "BOARD", arity = "0..1", description = "its name (default: the only one)")
    private Optional<String> name = Optional.empty();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = chosenBoard(client, name);
        json.print(out(), client, client.get(board(chosen)), BoardJson.class, BoardText::show);
        return ExitCode.OK;
    }
}
