package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nacre top}. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show what 'nacre smi' shows, anew each second, until Ctrl-C.",
            "",
            "What does not fit the terminal is left out below; without a terminal each look is printed below the last.",
            ""
        })
final class TopCommand extends ApiCommand {
    private static final String HOME_AND_CLEAR = "\033[H\033[J";

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "how long between two looks, 0.1 to 3600 (default: ${DEFAULT-VALUE})")
    private double seconds;

    @Option(names = "--count", paramLabel = "N", description = "end after so many looks")
    private Optional<Integer> count = Optional.empty();

    @Override
    int run(ApiClient client) throws IOException, InterruptedException {
        if (!(seconds >= 0.1 && seconds <= 3600)) {
            throw new CommandException(ExitCode.USAGE, "--interval " + seconds + " is not possible: 0.1 to 3600");
        }
        long pause = Math.round(seconds * Duration.ofSeconds(1).toNanos());
        CountDownLatch never = new CountDownLatch(1);
        boolean terminal = Progress.isTerminal();
        int most = most(count);
        for (int looks = 0; looks < most; looks++) {
            if (looks > 0 && never.await(pause, TimeUnit.NANOSECONDS)) {
                return ExitCode.OK;
            }
            String look = SmiCommand.look(client);
            out().print(terminal ? onTerminal(look) : look);
            out().flush();
        }
        return ExitCode.OK;
    }

    /** Each line at its place: lines below the last row all go there, one over the other, and nothing moves up. */
    static String onTerminal(String look) {
        StringBuilder text = new StringBuilder(HOME_AND_CLEAR);
        int row = 0;
        for (String line : look.lines().toList()) {
            row++;
            text.append(lineBegin(row)).append(line);
        }
        return text.append(lineBegin(row + 1)).toString();
    }

    private static String lineBegin(int row) {
        return "\033[" + row + ";1H\033[K";
    }
}
