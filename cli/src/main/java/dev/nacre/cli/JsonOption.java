package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The option that has a command print what the daemon answered, for programs. */
final class JsonOption {
    @Option(names = "--json", description = "print the API's JSON, in one line; docs/cli.md says what it promises")
    private boolean json;

    boolean isOn() {
        return json;
    }

    /** Prints an answer: as it is, or as text for people. */
    <T> void print(PrintWriter out, ApiClient client, String answer, Class<T> type, Function<T, String> text)
            throws IOException {
        if (json) {
            out.println(answer.strip());
        } else {
            out.print(text.apply(client.parsed(type, answer)));
        }
    }
}
