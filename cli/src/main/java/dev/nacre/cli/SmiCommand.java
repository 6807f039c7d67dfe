package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardsJson;
import dev.nacre.daemon.api.json.VersionJson;
import dev.nacre.daemon.api.json.VgpusJson;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import picocli.CommandLine.Command;

/** {@code nacre smi}. */
@Command(
        name = "smi",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Show boards and their virtual GPUs, in the manner of 'nvidia-smi vgpu'.")
final class SmiCommand extends ApiCommand {
    @Override
    int run(ApiClient client) throws IOException {
        out().print(look(client));
        return ExitCode.OK;
    }

    /** What it shows now. */
    static String look(ApiClient client) throws IOException {
        return SmiText.of(
                LocalDateTime.now(ZoneId.systemDefault()),
                client.get(VersionJson.class, "/v1/version"),
                client.get(BoardsJson.class, BOARDS),
                client.get(VgpusJson.class, VGPUS));
    }
}
