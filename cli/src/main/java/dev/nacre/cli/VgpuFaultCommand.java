package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu fault}. */
@Command(
        name = "fault",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Make a virtual GPU misbehave, to see what its driver makes of it.")
final class VgpuFaultCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", description = "its name or its UUID")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FaultOptions fault;

    @Override
    int run(ApiClient client) throws IOException {
        String path = vgpu(name) + "/faults";
        toVgpu(client, name, () -> client.post(path, Optional.of(fault.request())));
        out().println(fault.done(name));
        return ExitCode.OK;
    }
}
