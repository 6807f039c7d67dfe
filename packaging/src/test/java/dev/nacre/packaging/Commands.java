package dev.nacre.packaging;

import dev.nacre.testsupport.guest.host.HostCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs programs of the host to their end. */
final class Commands {
    // TIMEOUT: making a package takes half a minute; a busy machine takes ten times that.
    private static final Duration BOUND = Duration.ofMinutes(8);

    private Commands() {}

    /**
     * Runs one that must end well.
     *
     * @return its standard output
     */
    static String run(String... words) {
        HostCommand.Result result = attempt(Map.of(), List.of(words));
        if (!result.ok()) {
            throw new AssertionError("%s ended with %d: %s%s"
                    .formatted(String.join(" ", words), result.exitStatus(), result.text(), result.errors()));
        }
        return result.text();
    }

    /** Runs one, however it ends, with some more variables. */
    static HostCommand.Result attempt(Map<String, String> environment, List<String> words) {
        return new HostCommand(words, environment, Optional.empty()).run(BOUND);
    }
}
