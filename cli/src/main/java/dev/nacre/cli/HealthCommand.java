package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.cli.client.ProblemException;
import dev.nacre.daemon.api.json.VersionJson;
import java.io.IOException;
import picocli.CommandLine.Command;

/** {@code nacre health}. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say whether the daemon answers, and whether all its boards and virtual GPUs are up.",
            "",
            "Ends with 1 if they are not.",
            ""
        })
final class HealthCommand extends ApiCommand {
    @Override
    int run(ApiClient client) throws IOException {
        client.get("/healthz");
        VersionJson version = client.get(VersionJson.class, "/v1/version");
        out().println("daemon  nacre " + version.version() + ", API " + version.api() + ", at " + client.target());
        try {
            client.get("/readyz");
            out().println("ready   yes");
            return ExitCode.OK;
        } catch (ProblemException e) {
            out().println("ready   no: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }
}
