package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.VgpuJson;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu reset}. */
@Command(
        name = "reset",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a virtual GPU as it was when it started, its memory cleared.")
final class VgpuResetCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String path = vgpu(name) + "/reset";
        String answer;
        try (Progress ignored = Progress.of(err(), "Resetting " + name)) {
            answer = toVgpu(client, name, () -> client.post(path, Optional.empty()));
        }
        json.print(out(), client, answer, VgpuJson.class, vgpu -> "Reset: " + vgpu.name() + "\n");
        return ExitCode.OK;
    }
}
