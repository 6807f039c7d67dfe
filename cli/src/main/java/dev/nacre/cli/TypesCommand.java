package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.TypesJson;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nacre types}. */
@Command(
        name = "types",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the types of virtual GPUs that the boards can have, and how many more of each.")
final class TypesCommand extends ApiCommand {
    @Option(names = "--board", paramLabel = "BOARD", description = "only those of this board")
    private Optional<String> board = Optional.empty();

    @Option(names = "--creatable", description = "only those for which there is room now")
    private boolean creatable;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String path = "/v1/types?creatable=" + creatable
                + board.map(name -> "&board=" + segment(name)).orElse("");
        json.print(out(), client, client.get(path), TypesJson.class, BoardText::types);
        return ExitCode.OK;
    }
}
