package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that writes what a head shows to a PNG file. */
abstract class ScreenshotCommand extends ApiCommand {
    @Parameters(index = "1", paramLabel = "FILE", description = "where to write it; replaced if it is there")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--head",
            paramLabel = "N",
            defaultValue = "0",
            description = "which head, from 0 (default: ${DEFAULT-VALUE})")
    private int head;

    @Override
    final int run(ApiClient client) throws IOException {
        byte[] png = picture(client, head);
        try {
            Files.write(file, png);
        } catch (IOException e) {
            throw new CommandException(ExitCode.ENVIRONMENT, "Cannot write " + file + ": " + e);
        }
        out().println("Written: " + file + ", " + png.length + " bytes");
        return ExitCode.OK;
    }

    /** What a head shows, as PNG. */
    abstract byte[] picture(ApiClient client, int index) throws IOException;

    /** Where a head's picture is, of what is at a path. */
    static String path(String owner, int index) {
        return owner + "/heads/" + index + "/screenshot";
    }
}
