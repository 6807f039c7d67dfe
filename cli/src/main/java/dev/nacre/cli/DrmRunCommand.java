package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.BoardJson;
import dev.nacre.daemon.api.json.BoardsJson;
import dev.nacre.daemon.host.DrmDriverName;
import dev.nacre.drm.sysfs.ClientFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nacre drm run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Run a program that finds a board's /dev/dri/card0 and renderD128.",
            "The board is one of the daemon's with client = \"drm\". Without a daemon it is one of the program's own, which"
                    + " goes with it. vulkaninfo, vkcube, drmdevice, modetest, modeprint, proptest and vbltest are fetched"
                    + " from Debian if they are not installed.",
            ""
        },
        footer = {"", "It ends with the program's exit code.", "Example: nacre drm run -- vulkaninfo --summary"})
final class DrmRunCommand extends ApiCommand {
    @Option(
            names = "--board",
            paramLabel = "BOARD",
            description = "its name (default: the only one that is for programs)")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--driver",
            paramLabel = "NAME",
            description =
                    "the DRM driver of a board of the program's own: ${COMPLETION-CANDIDATES}, in any case (default:"
                            + " nouveau)")
    private Optional<DrmDriverName> driver = Optional.empty();

    @Parameters(paramLabel = "PROGRAM", arity = "1..*", description = "the program and its arguments, after --")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> words;

    @Override
    int run(ApiClient client) throws IOException, InterruptedException {
        List<BoardJson> boards = boards(client);
        if (driver.isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE, "--driver is for a board of the program's own; the daemon has others");
        }
        return start(boards);
    }

    @Override
    Optional<Integer> withoutDaemon() throws IOException, InterruptedException {
        DrmDriverName own = driver.orElse(DrmDriverName.NOUVEAU);
        try (DemoDaemon daemon = DemoDaemon.startForPrograms(own.label());
                ApiClient client = new ApiClient(daemon.target())) {
            return Optional.of(start(boards(client)));
        }
    }

    private static List<BoardJson> boards(ApiClient client) throws IOException {
        return client.get(BoardsJson.class, BOARDS).boards();
    }

    private int start(List<BoardJson> boards) throws InterruptedException {
        BoardJson board = chosen(boards);
        ClientFolder folder = new ClientFolder(Path.of(board.sockets()));
        if (!Files.isReadable(folder.library())) {
            throw new CommandException(
                    ExitCode.FORBIDDEN,
                    "You may not use board " + board.name() + ": " + folder.path()
                            + " has to be readable, and the daemon has to be of this host");
        }
        return DrmProgram.find(words).run(folder);
    }

    private static String names(List<BoardJson> boards) {
        return boards.stream().map(BoardJson::name).collect(Collectors.joining(", "));
    }

    private BoardJson chosen(List<BoardJson> boards) {
        List<BoardJson> meant = boards.stream()
                .filter(board ->
                        name.map(board.name()::equals).orElse(board.client().equals("drm")))
                .toList();
        if (meant.size() != 1) {
            throw new CommandException(
                    name.isPresent() || meant.isEmpty() ? ExitCode.FAILED : ExitCode.USAGE,
                    name.map(it -> "There is no board " + it + "; there are " + names(boards))
                            .orElse(
                                    meant.isEmpty()
                                            ? "No board is for programs: none has client = \"drm\""
                                            : "Which board? There are " + names(meant)));
        }
        BoardJson board = meant.getFirst();
        if (!board.client().equals("drm")) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "Board " + board.name() + " is not there for programs: client=" + board.client() + " virtual GPUs="
                            + BoardText.vgpus(board));
        }
        return board;
    }
}
