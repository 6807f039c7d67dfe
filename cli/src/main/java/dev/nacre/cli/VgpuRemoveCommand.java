package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code nacre vgpu rm}. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "End virtual GPUs for good, with a virtual machine on them or not.")
final class VgpuRemoveCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", arity = "1..*", description = "their names or UUIDs")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> names;

    @Override
    int run(ApiClient client) throws IOException {
        for (String name : names) {
            String path = vgpu(name);
            try (Progress ignored = Progress.of(err(), "Removing " + name)) {
                toVgpu(client, name, () -> {
                    client.delete(path);
                    return path;
                });
            }
            out().println("Removed: " + name);
        }
        return ExitCode.OK;
    }
}
