package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu screenshot}. */
@Command(
        name = "screenshot",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Write what a head of a virtual GPU shows to a PNG file.")
final class VgpuScreenshotCommand extends ScreenshotCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    byte[] picture(ApiClient client, int index) throws IOException {
        return toVgpu(client, name, () -> client.bytes(path(vgpu(name), index)));
    }
}
