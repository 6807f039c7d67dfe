package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.Daemon;
import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.config.NacreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A scrape of a whole daemon over its socket. */
@Timeout(120)
class ServedMetricsTest {
    private static final String REQUESTS =
            "nacre_api_request_duration_seconds_count{operation=\"createVgpu\",status=\"201\"} 1";

    private static NacreConfig config(Path folder, String more) throws IOException {
        return ConfigReader.read(Files.writeString(folder.resolve("nacre.toml"), """
                runtime = "run"
                state = "state"
                [[board]]
                name = "gpu0"
                chip = "ad102"
                fb = "6GiB"
                virtual-functions = 4
                """ + more));
    }

    private static String scrape(Path socket) throws Exception {
        try (HttpLine line = HttpLine.to(socket)) {
            HttpAnswer answer = line.get("/metrics");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.type()).isEqualTo("text/plain");
            return answer.text();
        }
    }

    @Test
    void requestsAndChangesAreInTheScrape(@TempDir Path folder) throws Exception {
        NacreConfig config = config(folder, "");
        Path socket = config.api().socket().path();
        try (Daemon _ = new Daemon(config);
                HttpLine line = HttpLine.to(socket)) {
            assertThat(line.post("/v1/vgpus", "{\"name\":\"a\",\"type\":\"L40-1Q\"}")
                            .status())
                    .isEqualTo(201);

            // A request is counted after its answer has been sent.
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!scrape(socket).contains(REQUESTS)) {
                assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(scrape(socket))
                    .contains("nacre_vgpu_operation_duration_seconds_count{operation=\"create\",result=\"done\"} 1")
                    .contains("nacre_vgpu_fb_bytes{board=\"gpu0\",vgpu=\"a\"} ");
        }
    }

    @Test
    void metricsThatAreTurnedOffAreNotFound(@TempDir Path folder) throws Exception {
        NacreConfig config = config(folder, "[metrics]\nenabled = false\n");
        try (Daemon _ = new Daemon(config);
                HttpLine line = HttpLine.to(config.api().socket().path())) {
            assertThat(line.get("/metrics").status()).isEqualTo(404);
        }
    }
}
