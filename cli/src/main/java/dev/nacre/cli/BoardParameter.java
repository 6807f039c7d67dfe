package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardJson;
import dev.nacre.daemon.api.json.BoardsJson;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The board that a command is about. */
final class BoardParameter {
    @Parameters(paramLabel = "BOARD", arity = "0..1", description = "its name (default: the only one)")
    private Optional<String> name = Optional.empty();

    /**
     * Its name: the one given, or else that of the only board.
     *
     * @throws CommandException if nothing can have that name, or there is not one board
     */
    String chosen(ApiClient client) throws IOException {
        if (name.isPresent()) {
            return ApiCommand.segment(name.get());
        }
        List<String> all = client.get(BoardsJson.class, ApiCommand.BOARDS).boards().stream()
                .map(BoardJson::name)
                .toList();
        return switch (all.size()) {
            case 0 -> throw new CommandException(ExitCode.FAILED, "The daemon has no boards");
            case 1 -> all.getFirst();
            default -> throw new CommandException(ExitCode.USAGE, "Which board? There are " + String.join(", ", all));
        };
    }
}
