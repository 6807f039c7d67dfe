package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.VgpusJson;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nacre vgpu ls}. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the virtual GPUs of all boards, or of one.")
final class VgpuListCommand extends ApiCommand {
    @Option(names = "--board", paramLabel = "BOARD", description = "only those of this board")
    private Optional<String> board = Optional.empty();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        String path = board.map(name -> VGPUS + "?board=" + segment(name)).orElse(VGPUS);
        json.print(out(), client, client.get(path), VgpusJson.class, VgpuText::list);
        return ExitCode.OK;
    }
}
