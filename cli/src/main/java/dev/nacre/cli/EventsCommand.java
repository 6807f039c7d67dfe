package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.cli.client.EventStream;
import dev.nacre.daemon.api.json.EventJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nacre events}. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print what happens as it happens, until Ctrl-C.",
            "",
            "A stream that the daemon cuts off is taken up again where it was.",
            ""
        })
final class EventsCommand extends ApiCommand {
    @Option(names = "--vgpu", paramLabel = "NAME", description = "only of this virtual GPU")
    private Optional<String> vgpu = Optional.empty();

    @Option(names = "--board", paramLabel = "BOARD", description = "only of this board and its virtual GPUs")
    private Optional<String> board = Optional.empty();

    @Option(names = "--all", description = "begin with what the daemon still keeps of what has happened")
    private boolean all;

    @Option(names = "--count", paramLabel = "N", description = "end after so many")
    private Optional<Integer> count = Optional.empty();

    @Option(names = "--json", description = "print the API's JSON, one event a line")
    private boolean json;

    @Override
    int run(ApiClient client) throws IOException {
        List<String> query = new ArrayList<>();
        vgpu.ifPresent(name -> query.add("vgpu=" + segment(name)));
        board.ifPresent(name -> query.add("board=" + segment(name)));
        String path = "/v1/events" + (query.isEmpty() ? "" : "?" + String.join("&", query));
        Optional<String> after = all ? Optional.of("0") : Optional.empty();
        int left = most(count);
        while (left > 0) {
            EventStream stream = client.events(path, after);
            try (stream) {
                left = print(stream, left);
            }
            after = stream.lastId().or(() -> Optional.of("0"));
        }
        return ExitCode.OK;
    }

    /** Prints what comes until the stream ends; gives how many are still wanted. */
    private int print(EventStream stream, int wanted) throws IOException {
        int left = wanted;
        Optional<EventStream.Item> item = left > 0 ? stream.next() : Optional.empty();
        while (item.isPresent()) {
            out().println(json ? item.get().json() : text(item.get().event()));
            out().flush();
            left--;
            item = left > 0 ? stream.next() : Optional.empty();
        }
        return left;
    }

    private static String text(EventJson event) {
        return "%s  %-19s  %s".formatted(event.time(), event.kind(), event.text());
    }
}
