package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.UnknownRegistersJson;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nacre unknown-registers}. */
@Command(
        name = "unknown-registers",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List what a board was asked for and does not model: registers and calls of the firmware.",
            "",
            "A new driver or firmware shows here first. What the drivers in virtual GPUs asked for follows, by"
                    + " virtual function.",
            ""
        })
final class UnknownRegistersCommand extends ApiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardParameter board;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = board.chosen(client);
        String answer = client.get(board(chosen) + "/unknown-registers");
        json.print(out(), client, answer, UnknownRegistersJson.class, BoardText::unknown);
        return ExitCode.OK;
    }
}
