package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu screenshot}. */
@Command(
        name = "screenshot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write what a head of a virtual GPU shows to a PNG file.")
final class VgpuScreenshotCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

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
    int run(ApiClient client) throws IOException {
        byte[] png = toVgpu(client, name, () -> client.bytes(screenshot(name, head)));
        try {
            Files.write(file, png);
        } catch (IOException e) {
            throw new CommandException(ExitCode.ENVIRONMENT, "Cannot write " + file + ": " + e);
        }
        out().println("Written: " + file + ", " + png.length + " bytes");
        return ExitCode.OK;
    }

    /** Where a head's picture is. */
    static String screenshot(String name, int head) {
        return vgpu(name) + "/heads/" + head + "/screenshot";
    }
}
