package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu log}. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Print what the firmware of a virtual GPU has logged.")
final class VgpuLogCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Override
    int run(ApiClient client) throws IOException {
        out().print(toVgpu(client, name, () -> client.get(vgpu(name) + "/gsp-log")));
        return ExitCode.OK;
    }
}
