package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nacre board screenshot}. */
@Command(
        name = "screenshot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write what a head of a board for programs shows to a PNG file.")
final class BoardScreenshotCommand extends ScreenshotCommand {
    @Parameters(index = "0", paramLabel = "BOARD", description = "its name")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String board;

    @Override
    byte[] picture(ApiClient client, int index) throws IOException {
        return client.bytes(path(board(board), index));
    }
}
