package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.VfioUserClient;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void inheritedSocketOfAConnectedVmmIsServedUntilItGoes() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        String number = Integer.toString(handOver(pair.second()));
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> serve("--fd", number));

        try (VfioUserClient client = VfioUserClient.over(pair.first())) {
            assertThat(client.describe().pci()).isTrue();
        }

        assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("gpu.sock")).doesNotExist();
    }

    @Test
    void descriptorThatIsNoSocketIsAWrongCommandLine() {
        try (EventFd event = EventFd.create()) {
            assertThat(serve("--fd", Integer.toString(event.fd().number()))).isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void pathThatCannotBeMadeIsTheEnvironmentsFault() {
        assertThat(serve("--socket", folder.resolve("no/such/folder/gpu.sock").toString()))
                .isEqualTo(ExitCode.ENVIRONMENT);
    }

    /** A number that nothing here owns any more, as an inherited one. */
    private static int handOver(Fd fd) {
        int number = fd.duplicate().number();
        fd.close();
        return number;
    }

    private int serve(String option, String value) {
        String socket = folder.resolve("gpu.sock").toString();
        return option.equals("--socket")
                ? Main.run("serve", "--fb", "512M", option, value)
                : Main.run("serve", "--fb", "512M", "--socket", socket, option, value);
    }
}
