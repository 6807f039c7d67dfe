package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.UnknownRegistersJson;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nacre unknown-registers}. */
@Command(
        name = "unknown-registers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List what a board was asked for and does not model: registers and calls of the firmware.",
            "",
            "A new driver or firmware shows here first. What the drivers in virtual GPUs asked for follows, by",
            "virtual function.",
            ""
        })
final class UnknownRegistersCommand extends ApiCommand {
    @Parameters(paramLabel = "BOARD", arity = "0..1", description = "its name (default: the only one)")
    private Optional<String> name = Optional.empty();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = chosenBoard(client, name);
        String answer = client.get(board(chosen) + "/unknown-registers");
        json.print(out(), client, answer, UnknownRegistersJson.class, BoardText::unknown);
        return ExitCode.OK;
    }
}
