package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.FunctionsJson;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code nacre lspci}. */
@Command(
        name = "lspci",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List the PCI functions of a board with the drivers that took them.",
            "",
            "Ends with 1 if a driver failed.",
            ""
        })
final class LspciCommand extends ApiCommand {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardParameter board;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String chosen = board.chosen(client);
        String answer = client.get(board(chosen) + "/functions");
        json.print(out(), client, answer, FunctionsJson.class, BoardText::functions);
        return client.parsed(FunctionsJson.class, answer).functions().stream().anyMatch(it -> it.failure() != null)
                ? ExitCode.FAILED
                : ExitCode.OK;
    }
}
