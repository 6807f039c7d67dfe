package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.VgpuJson;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu show}. */
@Command(name = "show", mixinStandardHelpOptions = true, sortOptions = false, description = "Show a virtual GPU.")
final class VgpuShowCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String answer = toVgpu(client, name, () -> client.get(vgpu(name)));
        json.print(out(), client, answer, VgpuJson.class, VgpuText::show);
        return ExitCode.OK;
    }
}
