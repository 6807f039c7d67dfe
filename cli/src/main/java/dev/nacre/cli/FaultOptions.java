package dev.nacre.cli;

import dev.nacre.daemon.api.json.FaultRequestJson;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what goes wrong. */
final class FaultOptions {
    @Option(
            names = "--kind",
            required = true,
            paramLabel = "KIND",
            description =
                    "xid (the firmware reports an error), unplug (gone as if pulled), stalled-gsp (the firmware stops"
                            + " answering), page-fault (an access to memory that is not mapped), gpu-lost (every register reads"
                            + " as ones); not all can have all")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String kind;

    @Option(names = "--number", paramLabel = "N", description = "of kind xid: which error, 1 to 255 (default: 31)")
    private Optional<Integer> number = Optional.empty();

    @Option(names = "--text", paramLabel = "TEXT", description = "of kind xid: what it says in the driver's log")
    private Optional<String> text = Optional.empty();

    @Option(names = "--end", description = "of kind stalled-gsp: have the firmware answer again")
    private boolean end;

    /** As the API wants it. @throws CommandException if an option is for another kind */
    FaultRequestJson request() {
        requireKind("--number", number.isPresent(), "xid");
        requireKind("--text", text.isPresent(), "xid");
        requireKind("--end", end, "stalled-gsp");
        return new FaultRequestJson(kind, number.orElse(null), text.orElse(null), end ? Boolean.FALSE : null);
    }

    private void requireKind(String option, boolean given, String only) {
        if (given && !kind.equals(only)) {
            throw new CommandException(ExitCode.USAGE, option + " is for --kind " + only + " only, not " + kind);
        }
    }

    /** For people. */
    String done(String where) {
        return (end ? "Ended: " : "Injected: ") + kind + " into " + where;
    }
}
